"""Deadlines as pure functions of days and moments: calendar days, business days, months, years and hours (GEN-1 to GEN-5).

Day 0 is the day of the trigger, in the zone of the practice. A period in days ends with the end of its last day there and rolls
forward over nothing; ``work_by`` says by when to be done with it. A period in hours runs on the clock of the world.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import holidays
from dateutil.relativedelta import relativedelta

Leap = Literal["earlier", "later"]

_FILE = Path(__file__).with_name("law") / "business_days.toml"
_DAY = datetime.timedelta(days=1)
_LAST_SECOND = datetime.time(23, 59, 59)


@cache
def _free_days(year: int, states: tuple[str, ...]) -> frozenset[datetime.date]:
    known = [state for state in states if state in holidays.US.subdivisions]
    found = [holidays.US(years=year, subdiv=state) for state in known] or [holidays.US(years=year)]
    return frozenset(day for some in found for day in some)


@cache
def _sure_days(year: int) -> frozenset[datetime.date]:
    sure = frozenset(tomllib.loads(_FILE.read_text())["US"]["sure"])
    return frozenset(day for day, name in holidays.US(years=year, observed=False).items() if sure & {*name.split("; ")})


def is_business_day(day: datetime.date, states: Collection[str]) -> bool:
    """Whether the practice's offices may be expected to be open. In several states a holiday of one of them is one."""
    return day.weekday() < 5 and day not in _free_days(day.year, tuple(sorted(states)))


def end_of_business_day(moment: datetime.datetime, days: int, zone: ZoneInfo, states: Collection[str]) -> datetime.datetime:
    """The end (midnight in ``zone``, in UTC) of the ``days``-th business day after the day of ``moment``, which is not counted."""
    day = moment.astimezone(zone).date()
    while days > 0:
        day += _DAY
        days -= is_business_day(day, states)
    return datetime.datetime.combine(day + _DAY, datetime.time(), tzinfo=zone).astimezone(datetime.UTC)


def local_day(moment: datetime.datetime, zone: ZoneInfo) -> datetime.date:
    """The day that it is in ``zone`` at ``moment``, which knows its own zone; else ValueError."""
    if moment.utcoffset() is None:
        raise ValueError("a moment without a zone says no day (GEN-4)")
    return moment.astimezone(zone).date()


def end_of_day(day: datetime.date, zone: ZoneInfo) -> datetime.datetime:
    """23:59:59 of ``day`` in ``zone``, in UTC (GEN-1). Of an hour that comes twice the second is meant."""
    return datetime.datetime.combine(day, _LAST_SECOND, tzinfo=zone).replace(fold=1).astimezone(datetime.UTC)


def _counted(day: datetime.date, days: int, open_on: Callable[[datetime.date], bool]) -> datetime.date:
    while days > 0:
        day += _DAY
        days -= day.weekday() < 5 and open_on(day)
    return day


def after_days(day: datetime.date, days: int) -> datetime.date:
    """``days`` calendar days after ``day``, whichever day of the week that is (GEN-1, GEN-2)."""
    return day + days * _DAY


def after_business_days(day: datetime.date, days: int) -> datetime.date:
    """``days`` business days after ``day``: only days that are surely holidays are skipped, so the earliest reading (GEN-3)."""
    return _counted(day, days, lambda each: each not in _sure_days(each.year))


def latest_business_days(day: datetime.date, days: int, states: Collection[str]) -> datetime.date:
    """The other reading of ``after_business_days``, every holiday of ``states`` skipped: shown beside it, never the deadline."""
    return _counted(day, days, lambda each: is_business_day(each, states) and each not in _sure_days(each.year))


def after_months(day: datetime.date, months: int, leap: Leap = "earlier") -> datetime.date:
    """The same day of the month, ``months`` later; where there is none the last of that month, or the first of the next (GEN-5)."""
    found = day + relativedelta(months=months)
    return found if found.day == day.day or leap == "earlier" else found + _DAY


def after_years(day: datetime.date, years: int, leap: Leap = "earlier") -> datetime.date:
    """The same month and day, ``years`` later (or before, if negative). 29 February becomes the 28th, or with "later" 1 March (GEN-5)."""
    return after_months(day, 12 * years, leap)


def after_hours(moment: datetime.datetime, hours: int) -> datetime.datetime:
    """``hours`` that really pass after ``moment``, in UTC: summer time, nights and holidays change nothing (GEN-4)."""
    if moment.utcoffset() is None:
        raise ValueError("a moment without a zone starts no clock (GEN-4)")
    return moment.astimezone(datetime.UTC) + datetime.timedelta(hours=hours)


def after_year_of(day: datetime.date, days: int) -> datetime.date:
    """``days`` after the end of the calendar year of ``day`` (BR-12)."""
    return after_days(datetime.date(day.year, 12, 31), days)


def in_next_year(day: datetime.date, month: int, number: int) -> datetime.date:
    """That day of that month in the year after ``day``'s."""
    return datetime.date(day.year + 1, month, number)


def work_by(due: datetime.date, states: Collection[str] = ()) -> datetime.date:
    """The last day on or before ``due`` on which an office is surely open: what to plan by, the law's day stays (GEN-2)."""
    while not is_business_day(due, states):
        due -= _DAY
    return due
