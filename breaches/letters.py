"""What a letter about a breach says: its five blocks, whether it is plain, and how it is put together. Pure: text in, text out (BR-7).

A state may ask for a letter of its own beside everybody's (law/letters.toml, own): it leaves out what that state forbids (SB-9).
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from breaches.facts import Place
from breaches.law import covers
from consent.languages import spoken
from practice.deadlines import after_days
from practice.refusals import Refused

_FILE = Path(__file__).with_name("law") / "letters.toml"
TITLES: dict[str, Promise] = {
    "happened": gettext_lazy("What happened"),
    "kinds": gettext_lazy("What information it was about"),
    "protect": gettext_lazy("What you can do"),
    "doing": gettext_lazy("What we are doing"),
    "contact": gettext_lazy("How to reach us"),
}
LANGUAGES = ("en", "es")  # in which a letter can be written and checked for plain words
_ASKS = {
    "happened": "what happened, with the day of it and the day we found out, if known",
    "kinds": "which kinds of information were affected",
    "protect": "what people can do to protect themselves",
    "doing": "what you do to look into it, to mend it and to prevent the next one",
    "contact": "a toll-free number, a mail address, a web page or a post address",
}
_SENTENCE = re.compile(r"(?<=[.?!:;])\s+|\n+")
_WORD = re.compile(r"[A-Za-zÀ-ÿ'\u2019]+")
# A syllable of Spanish: a weak vowel joins its neighbour, an accent on it does not.
_VOWELS_ES = re.compile(r"[iuü]?[aeoáéó][iuy]?|[íú]|[iuüy]+")
_REACH = re.compile(r"@\w|www\.|https?://|\d{3}\D{0,3}\d{3}\D?\d{4}|\b\d{5}\b")


@cache
def law(part: str) -> dict[str, Any]:
    """A part of law/letters.toml."""
    found: dict[str, Any] = tomllib.loads(_FILE.read_text())[part]
    return found


@dataclass(frozen=True)
class Own:
    """A letter of a state's own: what it leaves out, must say and must not, and why there is one."""

    place: str
    name: str
    rule: str
    citation: str
    source: str
    checked: datetime.date
    where: tuple[str, ...]
    leaves_out: tuple[str, ...]
    why: str
    must_say: tuple[tuple[str, str], ...]
    must_not: tuple[tuple[str, str], ...]
    note: str

    def is_for(self, place: Place) -> bool:
        """Whether it goes to those who live at ``place``."""
        return covers(self.where, place)


@cache
def own_letters() -> dict[str, Own]:
    """The letters of states' own, by place."""
    return {place: Own(place=place, **{name: _fixed(value) for name, value in each.items()}) for place, each in law("own").items()}


def _fixed(value: Any) -> Any:
    """A list of a data file as a tuple, the lists in it as well."""
    return tuple(_fixed(each) for each in value) if isinstance(value, list) else value


def parts_of(place: str = "") -> list[str]:
    """Which of the five blocks the letter of ``place`` has; everybody's has all of them."""
    return [name for name in TITLES if not place or name not in own_letters()[place].leaves_out]


def lacks(blocks: dict[str, str], place: str, language: str) -> list[Refused]:
    """Everything that keeps a letter from being approved: blocks, plain words, and what a state asks and forbids."""
    return [*missing(blocks, place), *unplain(blocks, language), *(_astray(blocks, own_letters()[place]) if place else [])]


def _astray(blocks: dict[str, str], own: Own) -> Iterator[Refused]:
    """What the state of ``own`` forbids and the letter says, and what it demands and the letter does not (SB-9)."""
    text = "\n".join(blocks.values())
    for name in own.leaves_out:
        if blocks[name].strip():
            words = f"{own.name} forbids “{TITLES[name]}” in this letter."
            yield Refused(own.rule, words, "Leave it empty: it stands in everybody's letter.")
    for pattern, words in own.must_not:
        if found := re.search(pattern, text, re.IGNORECASE):
            yield Refused(own.rule, f"“{found[0]}” tells {words}: {own.name} forbids it.", "Leave it out of this letter.")
    for pattern, words in own.must_say:
        if not re.search(pattern, text, re.IGNORECASE):
            yield Refused(own.rule, f"{own.name} wants the letter to say {words}.", "Say it under “What you can do”.")


def missing(blocks: dict[str, str], place: str = "") -> list[Refused]:
    """Which of the five blocks say nothing yet, each with what it must say (BR-7)."""
    short = [name for name in parts_of(place) if len(blocks[name].strip()) < law("plain")["shortest_block"]]
    found = [Refused("BR-7", f"“{TITLES[name]}” is missing or too short.", f"Say {_ASKS[name]}.") for name in short]
    if "contact" not in short and not _REACH.search(blocks["contact"]):
        found.append(Refused("BR-7", "Nobody could reach you by what stands under “How to reach us”.", f"Give {_ASKS['contact']}."))
    return found


def unplain(blocks: dict[str, str], language: str = "en") -> list[Refused]:
    """What makes the letter hard to read: long sentences, hard words, or a level above the tenth grade (BR-7)."""
    text = "\n".join(blocks.values())
    sentences = [each for each in _SENTENCE.split(text) if _WORD.search(each)]
    longest = max(sentences, key=lambda each: len(_WORD.findall(each)), default="")
    found = []
    if len(_WORD.findall(longest)) > law("plain")["longest_sentence"]:
        found.append(Refused("BR-7", f"This sentence is too long: “{longest.strip()[:120]}…”", "Make two of it."))
    words = law("plain")["hard_words"] if language == "en" else law("plain")["hard_words_es"]
    hard = [word for word in words if re.search(rf"\b{re.escape(word)}\b", text, _case(word))]
    if hard:
        found.append(Refused("BR-7", f"Words that few people use: {', '.join(hard)}.", "Say it as you would to a client."))
    if hardly := _level(text, language):
        found.append(Refused("BR-7", hardly, "Use shorter words and sentences."))
    return found


def _level(text: str, language: str) -> str:
    """What is wrong with the level of ``text``, if anything is."""
    if language == "es":
        ease, least = ease_es(text), law("plain")["ease_es"]
        return f"It reads with an ease of {ease:.0f}; {least} is the least (Fernández Huerta)." if ease < least else ""
    level, most = grade(text), law("plain")["grade"]
    return f"It reads like grade {level:.0f}; {most} is the most." if level > most else ""


def ease_es(text: str) -> float:
    """How easily Spanish ``text`` is read, by Fernández Huerta: 100 is easiest, below 60 is hard; 100 without words."""
    words = _WORD.findall(text)
    sentences = sum(1 for each in _SENTENCE.split(text) if _WORD.search(each))
    if not words:
        return 100.0
    syllables = sum(max(1, len(_VOWELS_ES.findall(word.casefold()))) for word in words)
    return 206.84 - 60 * syllables / len(words) - 1.02 * len(words) / sentences


def _case(word: str) -> int:
    return 0 if word.isupper() or word == "ePHI" else re.IGNORECASE


def grade(text: str) -> float:
    """The school grade at which ``text`` is read, by Flesch and Kincaid; 0 without words."""
    words = _WORD.findall(text)
    sentences = sum(1 for each in _SENTENCE.split(text) if _WORD.search(each))
    if not words:
        return 0.0
    return 0.39 * len(words) / sentences + 11.8 * sum(_syllables(word) for word in words) / len(words) - 15.59


def _syllables(word: str) -> int:
    plain = re.sub(r"(?:[^laeiouy]es|ed|[^laeiouy]e)$", "", word.casefold())
    return max(1, len(re.findall(r"[aeiouyà-ÿ]{1,2}", plain)))


def salutation(name: str) -> str:
    """How a letter begins, in the language that is spoken."""
    return gettext("Dear %(name)s,") % {"name": name}


def letter_text(blocks: dict[str, str], practice: str, name: str, language: str = "en") -> str:
    """The letter as one reads it in the portal."""
    with spoken(language):
        parts = [f"{TITLES[key]}\n{blocks[key].strip()}" for key in TITLES if blocks[key].strip()]
        return "\n\n".join([salutation(name), *parts, practice])


def sheet(blocks: dict[str, str], name: str, address: str, language: str, day: datetime.date) -> dict[str, Any]:
    """The letter as templates/typst/letters.typ sets it."""
    with spoken(language):
        return {
            "name": name,
            "lang": language,
            "day": date_format(day, "DATE_FORMAT"),
            "about": gettext("About information of yours that we keep"),
            "dear": salutation(name),
            "address": [line.strip() for line in address.splitlines() if line.strip()],
            "blocks": [{"title": str(TITLES[key]), "text": blocks[key].strip()} for key in TITLES if blocks[key].strip()],
        }


def stays_up_until(day: datetime.date) -> datetime.date:
    """Until when a substitute notice put up on ``day`` stays at least (BR-9)."""
    return after_days(day, law("substitute")["days"])


def needs_public_notice(unreachable: int) -> bool:
    """Whether so many people without a good address are told by a public notice; fewer are told each in another way (BR-9)."""
    return unreachable >= law("substitute")["few"]
