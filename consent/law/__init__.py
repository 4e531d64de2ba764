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


def disclosures(language: str = "en") -> dict[str, str]:
    """The six things told before an electronic signature, by key (ES-3), in ``language`` where the practice has them in it."""
    found = _read("disclosures")
    return dict(found.get("translated", {}).get(language) or found["disclosures"])


def mandate_words(language: str) -> dict[str, str]:
    """The words around what a mandate brings, in ``language`` or in English (IC-26)."""
    found = _read("mandate")
    return dict(found.get(language) or found["en"])


def edition() -> str:
    """The edition of those disclosures; an older one asks anew (ES-4)."""
    return str(_read("disclosures")["edition"])


def renewal_months() -> int:
    """After how many months a consent is asked anew where its form says nothing (IC-37)."""
    return int(_read("periods")["renewal"]["months"])


def reminder_days() -> list[int]:
    """How many days before its end somebody is reminded of it, the earliest first."""
    return list(_read("periods")["reminders"]["days"])


def notice_days() -> int:
    """After how many days an acknowledgment of the notice that was not obtained is tried for again."""
    return int(_read("periods")["notice"]["again"])


def reply_days() -> int:
    """How many days a request waits for an answer."""
    return int(_read("periods")["reply"]["days"])


def information(language: str = "en") -> dict[str, str]:
    """What a release can name: key -> words, in ``language`` where they are known in it."""
    return {key: each.get(language, each["words"]) for key, each in _read("information").items()}


def released_alone() -> dict[str, str]:
    """What may not be combined with anything else: key -> rule."""
    return {key: each["alone"] for key, each in _read("information").items() if "alone" in each}


def release_words(language: str) -> dict[str, Any]:
    """How a release's paper says what it names, in ``language``; in English where that is not known."""
    found = _read("particulars")
    return dict(found.get(language, found["en"]))


def release_kinds(form: str) -> list[str]:
    """The kinds of authorization that a form of this kind can ask for; none, and it is no release."""
    return list(_read("particulars")["rules"].get(form, {}).get("kinds", []))


def is_release(form: str) -> bool:
    """Whether a form of this kind names somebody to receive something: then it is asked for on a page of its own."""
    return bool(release_kinds(form))


def release_rule(form: str) -> str:
    """The rule that says what a release of this kind of form names."""
    return str(_read("particulars")["rules"][form]["rule"])


def names_only(kind: str) -> str:
    """The one kind of information that an authorization of ``kind`` names; empty where it is open."""
    return str(_read("particulars")["only"].get(kind, ""))


def says_nothing(description: str) -> bool:
    """Whether ``description`` names nothing by itself, as "all records" does (AU-1)."""
    said = {word.strip(".,;:!()") for word in description.casefold().replace("\u2019", "'").split()}
    return said <= {"", *_read("particulars")["vague"]["words"]}


def is_no_end(event: str) -> bool:
    """Whether ``event`` is no event at all, as "none" is (AU-1, P2-2)."""
    return event.casefold().strip(" .") in _read("particulars")["endless"]["words"]
