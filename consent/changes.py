"""What changed between two texts of a form, clause by clause, with the words that are new or gone marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from .clauses import Change, Clause, compared
from .models import Request

_MOST_WORDS = 1500  # of one clause: beyond that both texts are shown whole, comparing would take too long


class Piece(NamedTuple):
    """Words, and whether they are "new", "gone" or the "same"."""

    text: str
    how: str


@dataclass(frozen=True)
class Changed:
    """One clause that differs: ``what`` is "new", "changed" or "gone"; ``lines`` are its paragraphs as pieces."""

    what: str
    anchor: str
    title: str
    was_called: str
    lines: list[list[Piece]]


def changes(before: str, after: str) -> list[Changed]:
    """The clauses of two texts that differ, in the order of ``after``; those taken out last. Raises Unreadable for a text that is wrong."""
    return [_changed(change) for change in compared(before, after) if change.what != "same"]


def what_changed(request: Request) -> list[Changed]:
    """What changed since the paper that ``request`` takes the place of was signed; empty where there was none, or nothing changed.

    For templates/consent/_what_changed.html. Both papers are read: ask it under a door that gave ``request``.
    """
    return changes(request.replaces.shown, request.shown) if request.replaces else []


def _changed(change: Change) -> Changed:
    before, after = change.before, change.after
    there = after or before
    assert there
    if before and after:
        renamed = before.title if before.title != after.title else ""
        return Changed("changed", after.anchor, after.title, renamed, _marked(_lines(before), _lines(after)))
    how = "new" if after else "gone"
    return Changed(change.what, there.anchor, there.title, "", [[Piece(line, how)] for line in _lines(there)])


def _lines(clause: Clause) -> list[str]:
    """The clause as lines of plain words, its list items and options among them."""
    return [*_plain(clause.blocks), *(f"• {option.text}" for option in clause.options)]


def _plain(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for block in blocks:
        if block["kind"] == "text":
            yield "".join(run["text"] for run in block["runs"]).replace("\n", " ")
        else:
            for number, item in enumerate(block["items"], start=1):
                mark = f"{number}." if block["ordered"] else "•"
                first, *rest = [*_plain(item)] or [""]
                yield f"{mark} {first}"
                yield from rest


def _marked(before: list[str], after: list[str]) -> list[list[Piece]]:
    old, new = _words(before), _words(after)
    if max(len(old), len(new)) > _MOST_WORDS:
        return [[Piece(line, "gone")] for line in before] + [[Piece(line, "new")] for line in after]
    pieces: list[Piece] = []
    for how, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            pieces.append(Piece("".join(new[begin:stop]), "same"))
        else:
            pieces += [Piece("".join(words), mark) for words, mark in ((old[start:end], "gone"), (new[begin:stop], "new")) if words]
    return _in_lines(pieces)


def _words(lines: list[str]) -> list[str]:
    """Each word with the space behind it, and each end of a line."""
    return [word for line in lines for word in [*_spaced(line.split()), "\n"]]


def _spaced(words: list[str]) -> Iterator[str]:
    for place, word in enumerate(words, start=1):
        yield f"{word} " if place < len(words) else word


def _in_lines(pieces: list[Piece]) -> list[list[Piece]]:
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        for place, part in enumerate(piece.text.split("\n")):
            if place:
                lines.append([])
            if part:
                lines[-1].append(Piece(part, piece.how))
    return [line for line in lines if line]
