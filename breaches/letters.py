"""What a letter about a breach says: its five blocks, whether it is plain, and how it is put together. Pure: text in, text out (BR-7)."""

from __future__ import annotations

import datetime
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from practice.deadlines import after_days
from practice.refusals import Refused

_FILE = Path(__file__).with_name("law") / "letters.toml"
TITLES = {
    "happened": "What happened",
    "kinds": "What information it was about",
    "protect": "What you can do",
    "doing": "What we are doing",
    "contact": "How to reach us",
}
_ASKS = {
    "happened": "what happened, with the day of it and the day we found out, if known",
    "kinds": "which kinds of information were affected",
    "protect": "what people can do to protect themselves",
    "doing": "what you do to look into it, to mend it and to prevent the next one",
    "contact": "a toll-free number, a mail address, a web page or a post address",
}
_SENTENCE = re.compile(r"(?<=[.?!:;])\s+|\n+")
_WORD = re.compile(r"[A-Za-zÀ-ÿ'\u2019]+")
_REACH = re.compile(r"@\w|www\.|https?://|\d{3}\D{0,3}\d{3}\D?\d{4}|\b\d{5}\b")


@cache
def law(part: str) -> dict[str, Any]:
    """A part of law/letters.toml."""
    found: dict[str, Any] = tomllib.loads(_FILE.read_text())[part]
    return found


def missing(blocks: dict[str, str]) -> list[Refused]:
    """Which of the five blocks say nothing yet, each with what it must say (BR-7)."""
    short = [name for name in TITLES if len(blocks[name].strip()) < law("plain")["shortest_block"]]
    found = [Refused("BR-7", f"“{TITLES[name]}” is missing or too short.", f"Say {_ASKS[name]}.") for name in short]
    if "contact" not in short and not _REACH.search(blocks["contact"]):
        found.append(Refused("BR-7", "Nobody could reach you by what stands under “How to reach us”.", f"Give {_ASKS['contact']}."))
    return found


def unplain(blocks: dict[str, str]) -> list[Refused]:
    """What makes the letter hard to read: long sentences, hard words, or a level above the tenth grade (BR-7)."""
    text = "\n".join(blocks.values())
    sentences = [each for each in _SENTENCE.split(text) if _WORD.search(each)]
    longest = max(sentences, key=lambda each: len(_WORD.findall(each)), default="")
    found = []
    if len(_WORD.findall(longest)) > law("plain")["longest_sentence"]:
        found.append(Refused("BR-7", f"This sentence is too long: “{longest.strip()[:120]}…”", "Make two of it."))
    hard = [word for word in law("plain")["hard_words"] if re.search(rf"\b{re.escape(word)}\b", text, _case(word))]
    if hard:
        found.append(Refused("BR-7", f"Words that few people use: {', '.join(hard)}.", "Say it as you would to a client."))
    if (level := grade(text)) > law("plain")["grade"]:
        found.append(
            Refused("BR-7", f"It reads like grade {level:.0f}; {law('plain')['grade']} is the most.", "Use shorter words and sentences.")
        )
    return found


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


def letter_text(blocks: dict[str, str], practice: str, name: str) -> str:
    """The letter as one reads it in the portal."""
    parts = [f"Dear {name},", *(f"{TITLES[key]}\n{blocks[key].strip()}" for key in TITLES), practice]
    return "\n\n".join(parts)


def sheet(blocks: dict[str, str], name: str, address: str) -> dict[str, Any]:
    """The letter as templates/typst/letters.typ sets it."""
    return {
        "name": name,
        "address": [line.strip() for line in address.splitlines() if line.strip()],
        "blocks": [{"title": TITLES[key], "text": blocks[key].strip()} for key in TITLES],
    }


def stays_up_until(day: datetime.date) -> datetime.date:
    """Until when a substitute notice put up on ``day`` stays at least (BR-9)."""
    return after_days(day, law("substitute")["days"])


def needs_public_notice(unreachable: int) -> bool:
    """Whether so many people without a good address are told by a public notice; fewer are told each in another way (BR-9)."""
    return unreachable >= law("substitute")["few"]
