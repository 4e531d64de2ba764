"""Hours in which something may leave the house: days of the week, from when to when, in whose time zone. Pure: text in, moments out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

_WEEK = range(7)


@dataclass(frozen=True)
class Hours:
    """``days`` (Monday is 0), open from ``opens`` until ``closes`` in ``zone``. As text: "01234 09:00-17:00 America/Denver"."""

    days: tuple[int, ...]
    opens: datetime.time
    closes: datetime.time
    zone: str

    def __str__(self) -> str:
        return f"{''.join(map(str, self.days))} {self.opens:%H:%M}-{self.closes:%H:%M} {self.zone}"

    def next_open(self, now: datetime.datetime) -> datetime.datetime:
        """``now`` where it is inside these hours, else the moment at which they begin next."""
        zone = ZoneInfo(self.zone)
        today = now.astimezone(zone).date()
        for day in (today + datetime.timedelta(days=more) for more in range(8)):
            begin, end = (datetime.datetime.combine(day, time, zone).astimezone(datetime.UTC) for time in (self.opens, self.closes))
            if day.weekday() in self.days and now < end:
                return max(now, begin)
        raise ValueError("These hours never come.")


def hours_of(days: Iterable[int], opens: datetime.time | None, closes: datetime.time | None, zone: str) -> Hours | None:
    """The hours that are meant: every day where none is named, the whole day where no time is; None where it is always."""
    some = tuple(sorted({day for day in days if day in _WEEK}))
    if not some and opens is None and closes is None:
        return None
    return Hours(some or tuple(_WEEK), opens or datetime.time(0, 0), closes or datetime.time(23, 59), zone)


def parsed(text: str) -> Hours | None:
    """The hours that ``str`` made ``text`` of; None of an empty one."""
    if not text:
        return None
    days, times, zone = text.split(" ", 2)
    opens, closes = (datetime.time.fromisoformat(time) for time in times.split("-"))
    return Hours(tuple(map(int, days)), opens, closes, zone)
