"""A picture of lines: a calendar of the last weeks and the hours of the day, counted by the database: figures for an SVG and a table."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractHour, TruncDate
from django.utils import timezone

from audit import clock
from audit.models import Event

WEEKS = 26
LEVELS = 4
CELL = 10  # units of the picture, a gap included
TALL = 60


@dataclass(frozen=True)
class Cell:
    """One day or hour: where it stands, how many lines, and how dark."""

    x: int
    y: int
    tall: int
    level: int
    count: int
    label: datetime.date | int


@dataclass(frozen=True)
class Picture:
    """The days with their squares, the hours with their bars, and how many lines in all."""

    days: list[Cell]
    hours: list[Cell]
    total: int

    @property
    def months(self) -> list[Cell]:
        """Where a month begins, as far as its name finds room."""
        return [cell for cell in self.days if isinstance(cell.label, datetime.date) and cell.label.day == 1 and cell.x < (WEEKS - 1) * CELL]


def picture_of(lines: QuerySet[Event]) -> Picture:
    """The picture of ``lines``, of the last half year, where the practice is."""
    today = clock.today()
    first = today - datetime.timedelta(days=today.weekday() + 7 * (WEEKS - 1))
    since = timezone.make_aware(datetime.datetime.combine(first, datetime.time()))
    recent = lines.order_by().filter(at__gte=since)
    days = dict(recent.annotate(day=TruncDate("at")).values_list("day").annotate(times=Count("id")))
    hours = dict(recent.annotate(hour=ExtractHour("at")).values_list("hour").annotate(times=Count("id")))
    return Picture(_calendar(first, today, days), _bars(hours), sum(hours.values()))


def _level(count: int, most: int) -> int:
    return -(-count * LEVELS // most) if count else 0


def _calendar(first: datetime.date, today: datetime.date, counts: dict[datetime.date, int]) -> list[Cell]:
    most = max(counts.values(), default=1)
    days = [first + datetime.timedelta(days=number) for number in range((today - first).days + 1)]
    return [
        Cell(number // 7 * CELL, number % 7 * CELL, CELL - 2, _level(counts.get(day, 0), most), counts.get(day, 0), day)
        for number, day in enumerate(days)
    ]


def _bars(counts: dict[int, int]) -> list[Cell]:
    most = max(counts.values(), default=1)
    tall = {hour: counts.get(hour, 0) * TALL // most for hour in range(24)}
    return [Cell(hour * CELL, TALL - tall[hour], tall[hour], LEVELS, counts.get(hour, 0), hour) for hour in range(24)]
