"""The law of consent, read from the data files beside this one: what each form must say, what is told, and periods."""

from __future__ import annotations

import datetime
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text())


@dataclass(frozen=True)
class Element:
    """Something a form must say: its key, the words for it, where that stands, and when somebody last looked."""

    key: str
    rule: str
    words: str
    source: str
    checked: datetime.date


def elements(kind: str, flags: frozenset[str] = frozenset()) -> list[Element]:
    """What a form of ``kind`` must say in a practice with these profile flags (GEN-8)."""
    part = _read("checklists")[kind]
    found = _elements(part)
    for flag, more in part.get("when", {}).items():
        if flag in flags:
            found += _elements(more)
    return found


def _elements(part: dict[str, Any]) -> list[Element]:
    return [Element(key, part["rule"], each["words"], each["source"], each["checked"]) for key, each in part["keys"].items()]


def disclosures() -> dict[str, str]:
    """The six things told before an electronic signature, by key (ES-3)."""
    return dict(_read("disclosures")["disclosures"])


def edition() -> str:
    """The edition of those disclosures; an older one asks anew (ES-4)."""
    return str(_read("disclosures")["edition"])


def renewal_months() -> int:
    """After how many months a consent is asked anew where its form says nothing (IC-37)."""
    return int(_read("periods")["renewal"]["months"])


def reminder_days() -> list[int]:
    """How many days before its end somebody is reminded of it, the earliest first."""
    return list(_read("periods")["reminders"]["days"])


def reply_days() -> int:
    """How many days a request waits for an answer."""
    return int(_read("periods")["reply"]["days"])


def information() -> dict[str, str]:
    """What a release can name: key -> words."""
    return {key: each["words"] for key, each in _read("information").items()}


def released_alone() -> dict[str, str]:
    """What may not be combined with anything else: key -> rule."""
    return {key: each["alone"] for key, each in _read("information").items() if "alone" in each}
