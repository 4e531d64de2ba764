"""Legal process as data and arithmetic: what a paper is, on what it stands, the time to object, letters, and how a case moves on. Pure."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from practice.deadlines import after_days

HERE = Path(__file__).resolve().parent

# How a case moves on (section 9). Closed from anywhere: papers are taken back, set aside, or were none. Nothing leaves before ANSWERABLE.
_RULED = ("privilege", "motion", "authorized", "ordered")
MOVES: dict[str, tuple[str, ...]] = {
    "served": ("logged", "closed"),
    "logged": ("validated", "closed"),
    "validated": ("notified", "closed"),
    "notified": (*_RULED, "closed"),
    **{state: (*(other for other in _RULED if other != state), "responded", "closed") for state in _RULED},
    "responded": ("closed",),
    "closed": (),
}
STATES = tuple(MOVES)
ANSWERABLE = ("authorized", "ordered", "responded")  # a link that was sent is fetched later


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads((HERE / "process.toml").read_text())


@dataclass(frozen=True)
class Kind:
    """What a paper may be; process.toml says what each field means."""

    key: str
    words: str
    stands: str
    citation: str
    rule: str
    mark: str
    judge: str = ""
    test: bool = False

    def stands_if(self, *, judge: bool) -> str:
        """On what it stands, where a judge signed it or not."""
        return self.judge if judge and self.judge else self.stands


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of paper, by key."""
    return {key: Kind(key=key, **table) for key, table in _read()["kinds"].items()}


@dataclass(frozen=True)
class Reply:
    """A letter that may be sent; process.toml says what each field means."""

    key: str
    words: str
    heading: str
    text: str
    early: bool = False
    named: bool = False
    asserted: bool = False
    sent: bool = False


@cache
def replies() -> dict[str, Reply]:
    """Every letter there is, by key."""
    return {key: Reply(key=key, **table) for key, table in _read()["replies"].items()}


def tell_text() -> str:
    """What the client is told first (LP-4)."""
    return str(_read()["tell"]["text"]).strip()


def basis_of(stands_on: str) -> str:
    """On which basis a release rests that answers a case which stands on that."""
    return str(_read()["bases"][stands_on])


def part2_orders() -> dict[str, str]:
    """The orders of 42 CFR part 2, subpart E (LP-6)."""
    return dict(_read()["part2"]["orders"])


def confidential() -> frozenset[str]:
    """Kinds of information that hold what was said in confidence: only with the finding of 42 CFR 2.63 (LP-6)."""
    return frozenset(_read()["part2"]["confidential"])


def objection_days() -> tuple[int, int]:
    """How many days there are to object where the paper gives no other time, and the most that can be written down."""
    found = _read()["objection"]
    return found["days"], found["most"]


def is_foreign(place: str, states: Collection[str]) -> bool:
    """Whether a paper of ``place`` (a state, "US" for a federal court, or elsewhere) comes from out of state (LP-7)."""
    return place != "US" and place not in states


@dataclass(frozen=True)
class Window:
    """The time to object: when the notice was given, until when, the first day on which it may be answered, and the sum in words."""

    until: datetime.date
    free: datetime.date
    sum: str


def window(given: datetime.date, days: int) -> Window:
    """``days`` to object after a notice given on that day; the day after them it may be answered (LP-2)."""
    until = after_days(given, days)
    free = after_days(until, 1)
    return Window(until, free, f"notice of {_day(given)} + {days} days = {_day(until)}; it may be answered from {_day(free)}")


def _day(day: datetime.date) -> str:
    return f"{day:%-d %b %Y}"


@dataclass(frozen=True)
class Scope:
    """What a paper names, so that parts of a record can be held against it: kinds of information, and days (LP-1)."""

    kinds: tuple[str, ...] = ()
    first: datetime.date | None = None
    last: datetime.date | None = None

    def kept(self) -> dict[str, Any]:
        """As a case keeps it."""
        return {"kinds": list(self.kinds), "first": self.first and self.first.isoformat(), "last": self.last and self.last.isoformat()}

    def beyond(self, wanted: Collection[str]) -> list[str]:
        """Of ``wanted`` kinds of information those that it does not name."""
        return [key for key in wanted if key not in self.kinds]


def scope(kept: dict[str, Any]) -> Scope:
    """The scope that a case keeps; one that names nothing where there is none."""
    first, last = (kept.get(name) for name in ("first", "last"))
    days = [datetime.date.fromisoformat(day) if day else None for day in (first, last)]
    return Scope(tuple(kept.get("kinds", ())), *days)


@dataclass(frozen=True)
class Facts:
    """What the rules ask of a case, in plain values: disclosures/standing.py reads them from its row."""

    kind: str
    state: str
    stands_on: str = ""
    answered: bool = False  # closed, and answered with something of the record
    judge: bool = False
    place: str = ""
    domesticated: bool = False
    cleared: bool = False
    told: bool = False
    prohibited: bool = False
    objects: bool = False
    objection: str = ""
    assurance: str = "none"
    objection_until: datetime.date | None = None
    protected_on: datetime.date | None = None
    consulted: bool = False
    part2_order: str = ""
    part2_mandate: bool = False
    part2_confidences: bool = False
    granted: Scope = field(default_factory=Scope)
