"""The clocks on a line of time: figures for an SVG. The same stands in the table beside it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from audit import clock

from .standing import Standing

WIDE, LEFT, ROW = 300, 8, 16  # units of the picture


@dataclass(frozen=True)
class Bar:
    """One clock: from its day 0 to its day, where it turns amber, and how it stands."""

    y: int
    x: float
    wide: float
    amber: float
    stage: str
    title: str
    number: int


@dataclass(frozen=True)
class Timeline:
    """The bars, the months along the ground, where today is, and how tall it all is."""

    bars: list[Bar]
    months: list[tuple[float, str]]
    today: float | None
    tall: int


def timeline_of(found: list[Standing]) -> Timeline | None:
    """The picture of the clocks ``found``; None without any."""
    if not found:
        return None
    begins = min(each.clock.started for each in found)
    ends = max(each.clock.due_on for each in found) + datetime.timedelta(days=3)
    scale = (WIDE - 2 * LEFT) / max(1, (ends - begins).days)

    def place(day: datetime.date) -> float:
        return round(LEFT + max(0, (day - begins).days) * scale, 1)

    bars = [_bar(number, each, place) for number, each in enumerate(found)]
    today = clock.today()
    return Timeline(bars, _months(begins, ends, place), place(today) if begins <= today <= ends else None, len(found) * ROW + 4)


def _bar(number: int, each: Standing, place: object) -> Bar:
    assert callable(place)
    row = each.clock
    x, end = place(row.started), place(row.due_on)
    title = f"{row.whom}: {row.due_on:%-d %b %Y}"
    return Bar(number * ROW + 4, x, max(2, round(end - x, 1)), place(timezone.localdate(row.amber)), each.stage, title, number + 1)


def _months(begins: datetime.date, ends: datetime.date, place: object) -> list[tuple[float, str]]:
    assert callable(place)
    month, found = begins.replace(day=1), []
    step = max(1, (ends - begins).days // 30 // 6)
    while month <= ends:
        if month >= begins:
            found.append((place(month), f"{month:%b}" if month.month > 1 else f"{month:%Y}"))
        for _ in range(step):
            month = (month + datetime.timedelta(days=32)).replace(day=1)
    return found
