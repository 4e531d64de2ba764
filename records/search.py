"""Searching in notes: what was typed becomes terms, a note is looked through, and what is found is shown in its sentence.

There is no index of what was said: each note is opened, looked through and forgotten, and only of what the searcher may read.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from audit.doors import sift
from vault.blob import SealBroken

from .kinds import read_parts
from .models import Note

SHORTEST = 2  # letters of a word: one letter stands in every note
MOST_WORDS = 12
MOST_NOTES = 25  # on one page of results
SECONDS = 1.5  # of looking, then what was found by then is shown; "search further" goes on from there
CHUNK = 200  # notes fetched at a time
AROUND = 90  # letters shown before and behind what was found
MOST_SNIPPETS = 3
_MARKS = re.compile(f"[{''.join(chr(code) for code in range(0x300, 0x1F000) if unicodedata.combining(chr(code)))}]+")
_WORD = re.compile(r"[^\W_]+")
_TYPED = re.compile(r'"([^"]*)"?|([^\s"]+)')
# Scripts that put no space between words (Thai, Lao, Khmer, Burmese, kana, Chinese): there a word may begin anywhere.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")


def folded(text: str) -> str:
    """``text`` as it is compared: one case, no accents. Letter by letter gives the same as the whole."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _MARKS.sub("", plain)


@dataclass(frozen=True)
class Term:
    """Something to find: words that stand side by side. ``pattern`` knows where they may begin and end."""

    words: tuple[str, ...]
    pattern: re.Pattern[str]

    def first_in(self, text: str) -> re.Match[str] | None:
        """Where it stands first in a folded ``text``."""
        return self.pattern.search(text) if all(word in text for word in self.words) else None  # "in" is a tenth of the price


def _term(typed: str, *, exact: bool) -> Term | None:
    words = tuple(_WORD.findall(folded(typed)))
    if not words:
        return None
    begins = "" if _UNSPACED.match(words[0]) else r"(?<![^\W_])"
    ends = r"(?![^\W_])" if exact and not _UNSPACED.match(words[-1]) else ""
    return Term(words, re.compile(begins + r"[\W_]+".join(map(re.escape, words)) + ends))


def terms(typed: str) -> list[Term]:
    """What to find, from what was typed: each word is the beginning of one, what stands in quotes is found as it stands."""
    straight = re.sub("[\u201c\u201d\u201e\u00ab\u00bb]", '"', typed)
    found = (_term(quoted or word, exact=not word) for quoted, word in _TYPED.findall(straight))
    return [term for term in found if term]


def too_short(term: Term) -> bool:
    """Whether ``term`` is too little to look for."""
    return len("".join(term.words)) < SHORTEST and not _UNSPACED.match(term.words[0])


# --- one note -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Snippet:
    """A stretch of a note around what was found: under which heading, and its pieces, each with whether it is what was looked for."""

    heading: str
    pieces: list[tuple[str, bool]]
    cut_before: bool
    cut_behind: bool


@dataclass
class Match:
    """A note in which every term was found, and where. ``broken``: its seal does not open, so nobody knows."""

    ident: Any
    snippets: list[Snippet] = field(default_factory=list)
    broken: bool = False
    note: Note | None = None


def _texts(note: Note) -> list[tuple[str, str]]:
    """Heading and text of all that is read with ``note``: its parts, the goals it names, its addenda."""
    parts = [(part.heading, note.content.get(part.key, "")) for part in read_parts(note)]
    return [*parts, *(("Addendum", addendum.text) for addendum in note.added)]  # type: ignore[attr-defined]  # by access.searchable_notes


def find(note: Note, wanted: list[Term]) -> Match | None:
    """``note`` as a match if every term stands somewhere in it, otherwise None."""
    try:
        texts = _texts(note)
    except SealBroken:
        return Match(note.pk, broken=True)
    compared = [folded(text) for _, text in texts]
    places = [_place(term, compared) for term in wanted]
    if not all(places):
        return None
    return Match(note.pk, _snippets(texts, [place for place in places if place], wanted))


def _place(term: Term, compared: list[str]) -> tuple[int, int] | None:
    """In which text ``term`` stands first, and where in it."""
    found = ((number, term.first_in(text)) for number, text in enumerate(compared))
    return next(((number, match.start()) for number, match in found if match), None)


def _snippets(texts: list[tuple[str, str]], places: list[tuple[int, int]], wanted: list[Term]) -> list[Snippet]:
    found: list[Snippet] = []
    shown: dict[int, int] = {}  # text -> up to which folded letter it is shown already
    for number, start in sorted(places):
        if start >= shown.get(number, 0) and len(found) < MOST_SNIPPETS:
            shown[number] = start + AROUND
            found.append(_snippet(*texts[number], start, wanted))
    return found


def _snippet(heading: str, text: str, start: int, wanted: list[Term]) -> Snippet:
    at = [index for index, letter in enumerate(text) for _ in folded(letter)]  # where each folded letter comes from
    first = _space(text, max(at[start] - AROUND, 0), at[start])
    last = _space(text, min(at[start] + 2 * AROUND, len(text)), len(text))
    hits = sorted((at[hit.start()], at[hit.end() - 1] + 1) for term in wanted for hit in term.pattern.finditer(folded(text)))
    pieces = list(_pieces(text, first, last, hits))
    return Snippet(heading, pieces, first > 0, last < len(text))


def _space(text: str, start: int, stop: int) -> int:
    """The first word's beginning from ``start`` on, if there is one near: no snippet begins or ends within a word."""
    if start == 0:
        return 0
    gap = re.compile(r"\s").search(text, start, min(stop, start + 30))
    return gap.end() if gap else start


def _pieces(text: str, first: int, last: int, hits: list[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    here = first
    for start, stop in hits:
        while stop < len(text) and unicodedata.combining(text[stop]):
            stop += 1  # an accent typed by itself belongs to its letter
        start, stop = max(start, here), min(stop, last)
        if start < stop:
            yield text[here:start], False
            yield text[start:stop], True
            here = stop
    yield text[here:last], False


# --- many notes ---------------------------------------------------------------------------------------------------------


class Scan:
    """One look through ``notes``, newest first, until a page is full, the time is over or the last one is reached.

    ``matches``: what was found. ``last``: the note it came to. ``ended``: whether that was the last there is.
    """

    def __init__(self, wanted: list[Term]) -> None:
        self.wanted = wanted
        self.matches: list[Match] = []
        self.last: Note | None = None
        self.ended = False
        self._until = 0.0

    def run(self, notes: QuerySet[Note]) -> Scan:
        """Look; each note that matches has its line before anything of it is sent."""
        self._until = time.monotonic() + SECONDS
        with closing(notes.iterator(chunk_size=CHUNK)) as rows:  # type: ignore[type-var]  # a generator, whatever the stubs say
            for match in sift(self._counted(rows), lambda note: find(note, self.wanted)):
                self.matches.append(match)
        return self

    def _counted(self, rows: Iterable[Note]) -> Iterator[Note]:
        for note in rows:
            if self.last and (len(self.matches) >= MOST_NOTES or time.monotonic() > self._until):
                return
            self.last = note
            yield note
        self.ended = True
