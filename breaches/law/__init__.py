"""The law of breaches, read from the data files beside this one and looked over: a wrong line is refused with its place and reason."""

from __future__ import annotations

import datetime
import hashlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from breaches.facts import CONCLUSIONS, FLAGS, KINDS, Place

HERE = Path(__file__).resolve().parent
FILES = ("hipaa", "states", "countries")
AUDIENCES = ("individuals", "media", "hhs", "regulator", "authority", "agencies", "associate", "ourselves")
TRIGGERS = ("discovered", "determined", "noticed", "associate", "individuals", "hhs")
PERIODS = ("days", "business_days", "hours", "promptly", "year_end_days", "yearly")
KEPT_FOR = ("years", "months", "forever")


T = TypeVar("T", bound="Applies")


class Unreadable(Exception):
    """A law file says something that cannot be; the words name the file, the table, the field and what was expected."""


@dataclass(frozen=True)
class Applies:
    """What all rules have: where they stand, when somebody looked, and whom they hold for."""

    key: str
    rule: str
    citation: str
    source: str
    mark: str
    checked: datetime.date
    trigger: str
    flags: tuple[str, ...] = ()
    or_flag: str = ""
    where: tuple[str, ...] = ()
    note: str = ""

    def concerns(self, place: Place) -> bool:
        """Whether this rule is about those who live at ``place``."""
        return covers(self.where, place)


@dataclass(frozen=True)
class Rule(Applies):
    """One clock: whom to tell, how long it runs, and what sets it going. docs/deadlines.md explains each field."""

    audience: str = ""
    whom: str = ""
    days: int | None = None
    business_days: int | None = None
    hours: int | None = None
    promptly: int | None = None
    year_end_days: int | None = None
    yearly: str = ""
    amber: int | None = None
    over: int | None = None
    at_least: int | None = None
    below: int | None = None
    each_state: bool = False
    kinds: tuple[str, ...] = ()
    risk: tuple[str, ...] = ()
    lifted_by: tuple[str, ...] = ()
    police_delay: bool = False
    extension: int | None = None
    in_force: bool = True
    conflict: str = ""


@dataclass(frozen=True)
class Keep(Applies):
    """How long something about a breach is kept."""

    what: str = ""
    years: int | None = None
    months: int | None = None
    forever: bool = False


@dataclass(frozen=True)
class DelayLaw:
    """What law enforcement may ask for (BR-15)."""

    oral_days: int
    rule: str
    citation: str
    checked: datetime.date


def covers(where: tuple[str, ...], place: Place) -> bool:
    """Whether ``place`` is among the codes of ``where``, which may name a state, a country or a group; none at all is everywhere."""
    return not where or bool({place.code, place.country} & _spread(where))


@cache
def rules() -> tuple[Rule, ...]:
    """Every clock there is, those not in force among them."""
    return tuple(rule for name in FILES for rule in read_rules(name, _text(name)))


@cache
def keeps() -> tuple[Keep, ...]:
    """Every rule about how long a breach's papers are kept."""
    return tuple(read_keeps("keeping", _text("keeping")))


@cache
def delay_law() -> DelayLaw:
    """How long law enforcement may make us wait."""
    told = _parsed("keeping", _text("keeping"))["delay"]
    return DelayLaw(told["oral_days"], told["rule"], told["citation"], told["checked"])


@cache
def edition() -> str:
    """Which state of the law files a clock was worked out with (GEN-7)."""
    return hashlib.sha256("".join(_text(name) for name in (*FILES, "keeping")).encode()).hexdigest()[:12]


def read_rules(name: str, text: str) -> list[Rule]:
    """The clocks in ``text``, the file ``name``. Raises Unreadable with the place and the reason."""
    return [_looked_over(name, _made(Rule, name, key, table)) for key, table in _parsed(name, text).items()]


def read_keeps(name: str, text: str) -> list[Keep]:
    """The periods of keeping in ``text``, the file ``name``. Raises Unreadable."""
    found = [_made(Keep, name, key, table) for key, table in _parsed(name, text).get("kept", {}).items()]
    for each in found:
        _one_of(name, each, KEPT_FOR)
    return found


def _text(name: str) -> str:
    return (HERE / f"{name}.toml").read_text()


def _parsed(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(f"{name}.toml is not TOML: {error}") from error


@cache
def _spread(codes: tuple[str, ...]) -> frozenset[str]:
    groups = tomllib.loads(_text("keeping"))["groups"]
    return frozenset(each for code in codes for each in (code, *groups.get(code, ())))


def _made(kind: type[T], name: str, key: str, table: Any) -> T:
    place = f"{name}.toml [{key}]"
    if not isinstance(table, dict):
        raise Unreadable(f"{place}: a clock is a table of its own, not {table!r}")
    known = {each.name: each for each in fields(kind) if each.name != "key"}
    if strange := table.keys() - known.keys():
        raise Unreadable(f"{place}: {', '.join(sorted(strange))} is no field of it. There are: {', '.join(sorted(known))}")
    missing = [each for each, field in known.items() if field.default is MISSING and each not in table]
    if missing:
        raise Unreadable(f"{place}: {', '.join(missing)} is missing")
    for field, value in table.items():
        _typed(f"{place} {field}", str(known[field].type), value)
    values: dict[str, Any] = {field: tuple(value) if isinstance(value, list) else value for field, value in table.items()}
    return kind(key=key, **values)


def _typed(place: str, kind: str, value: object) -> None:
    wanted = {"int | None": int, "bool": bool, "tuple[str, ...]": list, "datetime.date": datetime.date}.get(kind, str)
    if type(value) is not wanted:
        raise Unreadable(f"{place}: {value!r} should be {_NAMES[wanted]}")
    if wanted is list and not all(isinstance(each, str) for each in value):  # type: ignore[attr-defined]  # a list, as just asked
        raise Unreadable(f"{place}: each entry should be text in quotes")
    if (wanted is str and not value) or (wanted is int and value < 1):  # type: ignore[operator]  # an int, as just asked
        raise Unreadable(f"{place}: it is empty or not above 0; leave the line out instead")


_NAMES = {int: "a whole number", bool: "true or false", list: "a list", datetime.date: "a date such as 2026-11-22", str: "text in quotes"}


def _looked_over(name: str, rule: Rule) -> Rule:
    _one_of(name, rule, PERIODS)
    _among(name, rule, "audience", [rule.audience], AUDIENCES)
    _among(name, rule, "trigger", [rule.trigger], TRIGGERS)
    _among(name, rule, "flags", [*rule.flags, *filter(None, [rule.or_flag])], FLAGS)
    _among(name, rule, "kinds", rule.kinds, KINDS)
    _among(name, rule, "lifted_by", rule.lifted_by, CONCLUSIONS)
    _among(name, rule, "risk", rule.risk, ("none", "risk", "high"))
    if sum(each is not None for each in (rule.over, rule.at_least, rule.below)) > 1:
        raise Unreadable(f"{name}.toml [{rule.key}]: say one of over, at_least, below")
    if rule.hours is not None and rule.trigger != "noticed":
        raise Unreadable(f'{name}.toml [{rule.key}]: hours run from the moment it was noticed; say trigger = "noticed"')
    if rule.yearly and not re.fullmatch(r"(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])", rule.yearly):
        raise Unreadable(f'{name}.toml [{rule.key}] yearly: {rule.yearly!r} should be a month and a day such as "03-01"')
    if not rule.whom or ("{place}" in rule.whom) != (rule.each_state and rule.audience == "media"):
        raise Unreadable(f"{name}.toml [{rule.key}]: whom is empty, or names {{place}} without each_state")
    return rule


def _one_of(name: str, rule: Applies, names: tuple[str, ...]) -> None:
    if sum(bool(getattr(rule, each)) for each in names) != 1:
        raise Unreadable(f"{name}.toml [{rule.key}]: say how long it runs, by one of {', '.join(names)}")


def _among(name: str, rule: Rule, field: str, values: Iterable[str], known: Iterable[str]) -> None:
    if strange := set(values) - set(known):
        raise Unreadable(
            f"{name}.toml [{rule.key}] {field}: {', '.join(sorted(strange)) or 'nothing'} is not known. There are: {', '.join(known)}"
        )
