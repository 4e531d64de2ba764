"""Courses and periods as data, and the arithmetic of their days: pure functions on safeguards/law/ (SE-15, SE-18, REV-6)."""

from __future__ import annotations

import datetime
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from practice.deadlines import after_days, after_months

_LAW = Path(__file__).with_name("law")


@dataclass(frozen=True)
class Course:
    """What people are trained in, how often, and since when the content is what it is."""

    id: str
    title: str
    content: str
    months: int
    soon_days: int
    edition: datetime.date
    within_days: int
    basis: str
    checked: str

    @property
    def anew_by(self) -> datetime.date:
        """Until when training before this edition still counts."""
        return after_days(self.edition, self.within_days)


@dataclass(frozen=True)
class Periods:
    """How long before an end admins are told, and how old a look at updates may be."""

    agreement_soon_days: int
    patch_days: int


@cache
def courses() -> dict[str, Course]:
    """Every course by its key."""
    told = tomllib.loads((_LAW / "training.toml").read_text())
    return {key: Course(key, **each) for key, each in told.items()}


@cache
def periods() -> Periods:
    """The periods in force."""
    return Periods(**tomllib.loads((_LAW / "periods.toml").read_text()))


def expires_on(course: Course, held_on: datetime.date) -> datetime.date:
    """The last day on which training held on ``held_on`` counts, but for a change of what is taught."""
    return after_months(held_on, course.months)


def state_of(course: Course, held_on: datetime.date | None, today: datetime.date) -> str:
    """How somebody stands who was last trained on ``held_on``: "missing", "expired", "due soon" or "current"."""
    if held_on is None:
        return "missing"
    ends = expires_on(course, held_on)
    if held_on < course.edition:
        ends = min(ends, course.anew_by)
    if today > ends:
        return "expired"
    return "due soon" if today > ends - datetime.timedelta(days=course.soon_days) else "current"
