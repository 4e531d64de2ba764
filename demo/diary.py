"""The practice's appointment book: which days it is open, and when each story's sessions are."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings

from audit import clock

from .people import ACCOUNTS
from .story import Story

HOURS = ((9, 0), (10, 0), (11, 0), (13, 0), (14, 0), (15, 0), (16, 0), (17, 0), (18, 0))
LENGTH = datetime.timedelta(minutes=50)
MISSED = 0.13  # share of sessions cancelled late or not come to
Slot = datetime.datetime


@dataclass(frozen=True)
class Visit:
    """One session. ``what`` is intake, progress, termination, late, absent, unwritten, unmarked (did it take place?) or planned."""

    at: Slot
    what: str
    number: int = -1  # which progress note
    following: Slot | None = None


def today() -> datetime.date:
    """Today, where the practice is."""
    return clock.now().astimezone(_zone()).date()


def moment_of(day: datetime.date, hour: int, minute: int) -> Slot:
    """That time of the practice's clocks."""
    return datetime.datetime.combine(day, datetime.time(hour, minute), tzinfo=_zone())


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def _nth(year: int, month: int, weekday: int, nth: int) -> datetime.date:
    first = datetime.date(year, month, 1)
    return first + datetime.timedelta(days=(weekday - first.weekday()) % 7, weeks=nth - 1)


@lru_cache
def _holidays(year: int) -> frozenset[datetime.date]:
    """The days the practice is closed for: those of the country on which hardly anybody works."""
    memorial = _nth(year, 6, 0, 1) - datetime.timedelta(weeks=1)
    thanksgiving = _nth(year, 11, 3, 4)
    fixed = (datetime.date(year, month, day) for month, day in ((6, 19), (7, 4), (12, 24), (12, 25)))
    days = {memorial, _nth(year, 9, 0, 1), thanksgiving, thanksgiving + datetime.timedelta(days=1), *fixed}
    return frozenset(days | {datetime.date(year, 12, day) for day in range(26, 32)} | {datetime.date(year, 1, day) for day in (1, 2)})


def is_open(day: datetime.date, counselor: str) -> bool:
    """Whether ``counselor`` sees clients on ``day``: no weekend, no holiday of the country or of their own."""
    ago = (today() - day).days
    closed = day.weekday() > 4 or day in _holidays(day.year)
    return not closed and not any(start >= ago >= end for start, end in ACCOUNTS[counselor].away)


def _last_day(story: Story, counselor: str) -> datetime.date:
    day, left = today(), story.last
    while left:
        day -= datetime.timedelta(days=1)
        left -= is_open(day, counselor)
    return day


def _open_days(day: datetime.date, step: int, counselor: str) -> Iterator[datetime.date]:
    while True:
        if is_open(day, counselor):
            yield day
        day += datetime.timedelta(weeks=step)


def _kinds(story: Story) -> list[tuple[str, int]]:
    """What happens in order: the notes of the story, with missed sessions strewn between."""
    planned = [("intake", -1)] if story.intake else []
    for number in range(len(story.progress)):
        if number > 1 and story.chance.random() < MISSED:
            planned.append((story.chance.choice(["late", "late", "absent"]), -1))
        planned.append(("progress", number))
    planned += [(story.open, -1)] if story.open in ("unwritten", "unmarked") else []
    return planned + ([("termination", -1)] if story.termination else [])


def _days(story: Story, count: int) -> list[datetime.date]:
    """``count`` days up to the story's last one, and (for someone who still comes) the next one."""
    counselor = story.counselor_now
    backwards = _open_days(_last_day(story, counselor), -story.every, counselor)
    return sorted(next(backwards) for _ in range(count))


def _next_day(story: Story, last: datetime.date) -> datetime.date:
    """The first day of the story's rhythm that is not over."""
    coming = _open_days(last + datetime.timedelta(weeks=story.every), story.every, story.counselor_now)
    return next(day for day in coming if day >= today())


class Diary:
    """Hands out the hours of every counselor, so that nobody is in two sessions at once."""

    def __init__(self) -> None:
        self.taken: set[tuple[str, Slot]] = set()

    def visits(self, story: Story) -> list[Visit]:
        """The sessions of ``story`` in order, the coming one included where the client still comes."""
        kinds = _kinds(story)
        if not kinds:
            return []
        days = _days(story, len(kinds))
        if story.status == "active":
            kinds, days = [*kinds, ("planned", -1)], [*days, _next_day(story, days[-1])]
        slots = self._hours(story, days)
        return [
            Visit(slot, what, number, following) for slot, (what, number), following in zip(slots, kinds, [*slots[1:], None], strict=True)
        ]

    def _hours(self, story: Story, days: list[datetime.date]) -> list[Slot]:
        """The same hour every week, at the first hour that clashes least with what is booked."""
        hours = story.chance.sample(HOURS, len(HOURS))
        choices = [[(story.counselor_on(day), moment_of(day, *hour)) for day in days] for hour in hours]
        found = min(choices, key=lambda slots: sum(slot in self.taken for slot in slots))
        self.taken |= set(found)
        return [slot for _, slot in found]
