"""The review of safeguards as data, and the arithmetic of its days: pure functions on review/law/safeguards.toml (REV-1 to REV-15)."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from uuid import UUID

from practice.deadlines import after_days, after_months

_FILE = Path(__file__).with_name("law") / "safeguards.toml"


@dataclass(frozen=True)
class Kind:
    """One review: what is looked at, how often, what must be in hand, and on what basis."""

    id: str
    title: str
    months: int
    basis: str
    checked: datetime.date
    first: int = 0  # days from the first start here; none: a period
    of: str = ""  # whose work is looked at: "staff", "devices", "keys", or a thing
    page: str = ""  # where it is done, if it has a page of its own
    evidence: dict[str, str] = field(default_factory=dict)

    @property
    def every(self) -> str:
        """How often, in words."""
        return {1: "each month", 12: "each year"}.get(self.months, f"every {self.months} months")


@cache
def kinds() -> dict[str, Kind]:
    """Every review by its rule, in the order of the rulebook."""
    return {rule: Kind(rule, **told) for rule, told in tomllib.loads(_FILE.read_text()).items()}


def planned() -> list[Kind]:
    """Those that are tasks of their own; the others have a page and rows of theirs."""
    return [kind for kind in kinds().values() if not kind.page]


def first_due(kind: Kind, today: datetime.date) -> datetime.date:
    """When ``kind`` is due for the first time, in a house that began ``today``."""
    return after_days(today, kind.first) if kind.first else after_months(today, kind.months)


def next_due(kind: Kind, due_on: datetime.date) -> datetime.date:
    """A period after ``due_on``, on which the last one was due: whoever is late gains no time."""
    return after_months(due_on, kind.months)


def state_of(today: datetime.date, due_on: datetime.date, *, begun: bool, completed: bool, open_actions: bool, closed: bool) -> str:
    """In which of the states of rulebook 13 a review stands."""
    if closed:
        return "closed"
    if completed:
        return "actions open" if open_actions else "completed"
    if today > due_on:
        return "overdue"
    if begun:
        return "in progress"
    return "due" if today == due_on else "scheduled"


# Whose work a review looks at, by the word in the data: rooms bring theirs. A review with nobody's looks at things.
subjects: dict[str, Callable[[], set[UUID]]] = {}


def subjects_of(kind: Kind) -> set[UUID]:
    """The people whose work ``kind`` looks at now."""
    return subjects[kind.of]() if kind.of in subjects else set()
