"""Deadlines in business days: Monday to Friday, but for the federal holidays and those of the practice's states."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from functools import cache
from zoneinfo import ZoneInfo

import holidays

_DAY = datetime.timedelta(days=1)


@cache
def _free_days(year: int, states: tuple[str, ...]) -> frozenset[datetime.date]:
    known = [state for state in states if state in holidays.US.subdivisions]
    found = [holidays.US(years=year, subdiv=state) for state in known] or [holidays.US(years=year)]
    return frozenset(day for some in found for day in some)


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
