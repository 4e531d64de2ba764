"""How long a record is kept: pure functions of days and the law's data (RET-1 to RET-11, RET-20). The longest period that applies holds."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from clients.majority import birthday
from practice.deadlines import after_years

ADULT_AT = 18


@dataclass(frozen=True)
class Rule:
    """One period: years after the work; of a minor at least ``after`` years from the birthday at ``age``; at most ``cap`` years."""

    rule: str
    words: str
    source: str
    years: int
    anchor: str
    mark: str
    after: int | None = None
    age: int = ADULT_AT
    cap: int | None = None


@dataclass(frozen=True)
class Work:
    """When it ended, its last service, and when those were born who were served (none known: adults)."""

    ended_on: datetime.date
    last_on: datetime.date
    born: tuple[datetime.date, ...] = ()


@dataclass(frozen=True)
class Period:
    """What one rule asks for, and how that was counted."""

    rule: Rule
    until: datetime.date
    arithmetic: str


@cache
def _read() -> tuple[dict[str, Rule], datetime.date]:
    told = tomllib.loads((Path(__file__).with_name("law") / "retention.toml").read_text())
    checked = told.pop("checked")
    return {place: Rule(**(said.pop("minor", {}) | said)) for place, said in told.items()}, checked


def checked() -> datetime.date:
    """The day on which the periods were last looked up."""
    return _read()[1]


def rules_for(states: Collection[str]) -> list[Rule]:
    """The rules of ``states`` (postal codes); the default stands for each that is not known, and where there is none (RET-10, RET-11)."""
    known, _ = _read()
    found = {known.get(state, known["default"]) for state in states} or {known["default"]}
    return sorted(found, key=lambda rule: int(rule.rule.partition("-")[2]))


def periods(work: Work, states: Collection[str]) -> list[Period]:
    """What each rule that applies asks for, the longest first; that one holds (RET-20)."""
    found = [_period(rule, work) for rule in rules_for(states)]
    return sorted(found, key=lambda period: period.until, reverse=True)


def keep_until(work: Work, states: Collection[str]) -> datetime.date:
    """The last day on which the record must be kept."""
    return periods(work, states)[0].until


def _period(rule: Rule, work: Work) -> Period:
    start = work.ended_on if rule.anchor == "end" else work.last_on
    until = after_years(start, rule.years, "later")
    said = f"{rule.years} years from {start:%-d %b %Y}"
    minors = [born for born in work.born if work.last_on < birthday(born, ADULT_AT)]
    if rule.after is not None and minors:
        grown = after_years(birthday(max(minors), rule.age), rule.after, "later")
        said += f", or {rule.after} years from the birthday at {rule.age}: the later"
        until = max(until, grown)
    capped = after_years(work.last_on, rule.cap, "later") if rule.cap else until
    if capped < until:
        until, said = capped, f"{said}; never more than {rule.cap} years from {work.last_on:%-d %b %Y}"
    return Period(rule, until, said)
