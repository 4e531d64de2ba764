"""The law of disclosures, read from the data files beside this one: bases, what each asks for, and the accounting's periods."""

from __future__ import annotations

import datetime
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
_NO_BASES = {"groups", "asks", "codes"}


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text())


@dataclass(frozen=True)
class Basis:
    """What a disclosure may rest on; bases.toml says what each field means."""

    key: str
    group: str
    words: str
    citation: str
    rule: str
    checked: datetime.date
    excluded: str = ""
    psychotherapy: bool = False
    minimum: bool = False
    suspendable: bool = False
    portal: bool = True
    part2: bool = False
    release: bool = False
    process: bool = False
    second_look: bool = False
    asks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """One thing that a basis asks for: its words, its rule, and the answers there are where they are few."""

    key: str
    words: str
    rule: str
    choices: tuple[tuple[str, str], ...] = ()


@cache
def bases() -> dict[str, Basis]:
    """Every basis there is, by key, in the order of the file."""
    tables = {key: table for key, table in _read("bases").items() if key not in _NO_BASES}
    return {key: Basis(key=key, **(table | {"asks": tuple(table.get("asks", ()))})) for key, table in tables.items()}


@cache
def asked() -> dict[str, Asked]:
    """What bases ask for, by key."""
    found = _read("bases")["asks"]
    return {key: Asked(key, each["words"], each["rule"], tuple(each.get("choices", {}).items())) for key, each in found.items()}


def groups() -> dict[str, str]:
    """The groups in which bases are offered."""
    return dict(_read("bases")["groups"])


def codes() -> dict[str, str]:
    """The codes by which a disclosure stays out of the accounting, in words (ACC-2)."""
    return dict(_read("bases")["codes"])


@dataclass(frozen=True)
class Periods:
    """The numbers of the accounting (ACC-1, ACC-5 to ACC-7)."""

    years: int
    days: int
    extension: int
    free_months: int
    oral_days: int


@cache
def periods() -> Periods:
    """The numbers of the accounting."""
    found = _read("accounting")
    answer = found["answer"]
    return Periods(found["period"]["years"], answer["days"], answer["extension"], found["free"]["months"], found["suspension"]["oral_days"])


@dataclass(frozen=True)
class Parts:
    """What of the record a kind of information opens; parts.toml says what each field means."""

    sessions: str = ""
    notes: tuple[str, ...] = ()
    documents: bool = False
    text: str = ""
    apart: bool = False


@cache
def parts() -> dict[str, Parts]:
    """What each kind of information opens, by key."""
    return {key: Parts(**(table | {"notes": tuple(table.get("notes", ()))})) for key, table in _read("parts").items()}


def redisclosure() -> str:
    """What goes with substance use records (P2-6)."""
    return str(_read("releases")["redisclosure"]["part2"])


def looked_at_twice() -> dict[str, bool]:
    """Beside what bases: when another person looks first."""
    return dict(_read("releases")["second_look"])


def link_limits() -> dict[str, int]:
    """For how many days, how many times and with how many tries a link works at most."""
    return dict(_read("releases")["link"])


def restrictable() -> list[str]:
    """The bases that an agreed restriction binds (RG-11)."""
    return list(_read("releases")["restriction"]["binds"])
