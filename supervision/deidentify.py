"""Taking out who somebody is: names become a pseudonym, dates move by one distance, and what still looks like an identifier is found.

Pure functions over text; what the file knows of a client is handed in (SU-2, 45 CFR 164.514(b)(2)).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from records.actions.names import Named, found

from . import law

Run = tuple[str, ...]
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|(?-i:May)|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_MONTH = rf"(?P<month>{_NAMED})"
_DAY, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?:,?\s+(?P<year>\d{4}))?"
_DATES = [
    re.compile(each, re.IGNORECASE)
    for each in (
        r"\b(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})\b",
        r"\b(?P<number>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4}|\d{2})\b",
        rf"\b{_MONTH}\.?\s+{_DAY}{_YEAR}\b",
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}(?:\.(?=,?\s+\d{{4}}))?{_YEAR}(?!\w)",
    )
]


@dataclass(frozen=True)
class Known:
    """What the file knows: runs of folded words that are the client's own names, and those of others with what stands instead."""

    own: frozenset[Run]
    others: dict[Run, str] = field(default_factory=dict)
    strings: dict[str, str] = field(default_factory=dict)  # such as a phone number, by the letter of its kind


@dataclass(frozen=True)
class Finding:
    """One place that still looks like an identifier."""

    letter: str
    start: int
    end: int
    text: str

    @property
    def kind(self) -> law.Identifier:
        """Which of the eighteen."""
        return law.identifiers()[self.letter]


def shifted(text: str, days: int, year: int) -> tuple[str, list[str]]:
    """``text`` with every whole date moved by ``days``, and the dates as they stand now. Without a year it is taken of ``year``."""
    made: list[str] = []
    places: dict[int, tuple[int, str]] = {}
    for pattern in _DATES:
        for match in pattern.finditer(text):
            new = _moved(match, days, year)
            if new and not any(start < match.end() and match.start() < end for start, (end, _) in places.items()):
                places[match.start()] = (match.end(), new)
                made.append(new)
    return _put(text, [(start, end, new) for start, (end, new) in places.items()]), made


def _moved(match: re.Match[str], days: int, year: int) -> str:
    said = match.groupdict()
    stated = said.get("year")
    number = int(said["number"]) if said.get("number") else _MONTHS.index(said["month"][:3].lower()) + 1
    full = int(stated) + (2000 if len(stated) == 2 else 0) if stated else year
    try:
        day = datetime.date(full, number, int(said["day"])) + datetime.timedelta(days=days)
    except (ValueError, OverflowError):
        return ""  # no date that there is: it stays, and is found
    return f"{day:%-d %B %Y}" if stated else f"{day:%-d %B}"


def _put(text: str, places: Iterable[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(places, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def renamed(text: str, known: Known, pseudonym: str) -> str:
    """``text`` with the client's own names as ``pseudonym`` (several in a row as one), and the others' as what stands for them."""
    others = {name: instead for name, instead in known.others.items() if name not in known.own}
    text = _put(text, [(start, end, pseudonym) for start, end in _runs(text, found(text, known.own))])
    for instead in sorted({*others.values()}):
        places = found(text, [name for name, word in others.items() if word == instead])
        text = _put(text, [(start, end, instead) for start, end in _runs(text, places)])
    for string in sorted(known.strings, key=len, reverse=True):
        text = re.sub(re.escape(string), law.identifiers()[known.strings[string]].instead, text, flags=re.IGNORECASE)
    return text


def _runs(text: str, places: list[Named]) -> list[tuple[int, int]]:
    """``places`` with neighbours as one: a first name and a family name are one person."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and (place.start < runs[-1][1] or not text[runs[-1][1] : place.start].strip(" -")):
            runs[-1] = (runs[-1][0], max(place.end, runs[-1][1]))
        else:
            runs.append((place.start, place.end))
    return runs


def lint(text: str, pseudonym: str, known: Known, dates: Collection[str] = (), kept: Collection[str] = ()) -> list[Finding]:
    """What in ``text`` still looks like one of the eighteen, from the beginning on; each place once, under the first that fits.

    ``dates`` were moved and may stand; ``kept`` are words that somebody looked at and gave a reason for.
    """
    places = [Finding("A", place.start, place.end, text[place.start : place.end]) for place in found(text, {*known.own, *known.others})]
    for letter, identifier in law.identifiers().items():
        for pattern in identifier.patterns:
            places += [Finding(letter, *match.span(), match.group()) for match in pattern.finditer(text)]
    fine = {word.casefold() for word in (pseudonym, *law.not_names(), *kept, *dates)}
    left = [place for place in places if place.text.strip().casefold() not in fine and not _within(place, text, dates)]
    return _first(left)


def _within(place: Finding, text: str, dates: Collection[str]) -> bool:
    """Whether ``place`` is a part of a date that was moved, such as its month, or of words in brackets that stand for something."""
    around = [match.span() for date in dates for match in re.finditer(re.escape(date), text)]
    around += [match.span() for match in re.finditer(r"\[[a-z -]+\]", text)]
    return any(start <= place.start and place.end <= end for start, end in around)


def _first(places: list[Finding]) -> list[Finding]:
    kept: list[Finding] = []
    for place in sorted(places, key=lambda each: (each.start, -each.end, each.letter == "D")):  # many a number could be a phone's
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
    return kept
