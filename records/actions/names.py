"""Whose name stands in a text that goes into somebody's own record: no other member's may (IC-34)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from clients.access import readable_clients
from clients.models import Client, Member
from practice.models import User
from practice.refusals import Refused
from records.access import documents_of
from records.models import Note, Session

from .copies import readers_of_copies

_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f\u200b-\u200d\u00ad]*)+")  # letters with their marks, as some keyboards send them
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # scripts that do not part their words
_PARTICLES = frozenset(
    {"al", "bin", "da", "de", "del", "den", "der", "di", "dos", "du", "el", "ibn", "la", "le", "of", "the", "van", "von"}
)


@dataclass(frozen=True)
class Named:
    """One place in a text where somebody seems to be named. ``word`` is what the signer's tick is for."""

    start: int
    end: int
    word: str


def _fold(word: str) -> str:
    """``word`` without case, accents and marks: José, JOSE and a decomposed José are one."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", word).casefold() if letter.isalnum())


def _names(person: Client) -> set[tuple[str, ...]]:
    """What ``person`` may be called, each a run of folded words: every word of their names, and the whole code."""
    return runs_of(person.given_name, person.preferred_name, person.family_name) | {run_of(person.code)}


def runs_of(*names: str) -> set[tuple[str, ...]]:
    """What somebody of these ``names`` may be called: every word of them by itself, folded, but for particles and initials."""
    single = {_fold(word) for text in names for word in _WORD.findall(text)} - _PARTICLES
    return {(word,) for word in single if len(word) > 1 or _UNSPACED.search(word)}


def run_of(text: str) -> tuple[str, ...]:
    """All words of ``text`` in their order, folded."""
    return tuple(_fold(word) for word in _WORD.findall(text))


def found(text: str, names: Iterable[tuple[str, ...]]) -> list[Named]:
    """Every place in ``text`` where one of ``names`` stands as whole words, a plural or possessive s added or not."""
    wanted, words = {*names}, [(match.start(), match.end(), _fold(match.group())) for match in _WORD.finditer(text)]
    return sorted({*_among(words, wanted), *_unspaced(text, wanted)}, key=lambda place: (place.start, -place.end))


def _among(words: list[tuple[int, int, str]], wanted: set[tuple[str, ...]]) -> Iterator[Named]:
    for length in {len(name) for name in wanted}:
        for index in range(len(words) - length + 1):
            run = words[index : index + length]
            folded = tuple(word for _, _, word in run)
            if hit := next((name for name in (folded, (*folded[:-1], folded[-1].removesuffix("s"))) if name in wanted), None):
                yield Named(run[0][0], run[-1][1], "-".join(hit))


def _unspaced(text: str, wanted: set[tuple[str, ...]]) -> Iterator[Named]:
    for name in {"".join(name) for name in wanted if _UNSPACED.search(name[0])}:
        yield from (Named(match.start(), match.end(), name) for match in re.finditer(re.escape(name), text))


def _others(note: Note, by: User) -> list[Client]:
    """All members of the unit, and whoever else was there, of those whose record ``by`` may open: no other name can be read."""
    assert note.session
    members = Member.objects.filter(unit=note.unit_id or note.client_id).values("person")
    were_there = Session.objects.filter(within=note.session.within_id or note.session_id).values("client")
    return list(readable_clients(by).filter(Q(pk__in=members) | Q(pk__in=were_there)).order_by("since", "pk"))


def forbidden(note: Note, readers: Iterable[Client], by: User) -> set[tuple[str, ...]]:
    """What must not stand in ``note`` or its addenda, for it goes into the own records of ``readers``.

    Of each reader: the names of all the others, but for those that are the reader's own as well, and the unit's code.
    """
    people = {person.pk: person for person in readers}
    if not people or note.session is None:
        return set()
    others = [(other.pk, _names(other)) for other in _others(note, by)]
    unit = Client.objects.filter(pk=note.unit_id or note.client_id).only("code").first()
    names = {name for reader in people.values() for pk, every in others if pk != reader.pk for name in every - _names(reader)}
    return names | ({run_of(unit.code)} if unit else set())


def not_to_name(note: Note, by: User) -> set[tuple[str, ...]]:
    """What must not stand in ``note`` or its addenda, whoever it goes to; nothing where it stays in one record whole."""
    return forbidden(note, readers_of_copies(note, by), by)


def names_in(note: Note, texts: Iterable[str], *, by: User) -> list[list[Named]]:
    """Where another member seems to be named in each of ``texts``, about to be signed in ``note`` or added to it (IC-34)."""
    names = not_to_name(note, by)
    return [found(text, names) for text in texts]


def searched_texts(note: Note) -> list[str]:
    """What is searched for names: the words of ``note``, and what the documents of a person's part are called.

    What is in them is not; therefore those of a shared part are copied nowhere.
    """
    called_so = [text for row in documents_of(note) for text in (row.title, row.name)] if note.unit_id else []
    return [*note.content.values(), *called_so]


def refuse_names(texts: Iterable[str], names: set[tuple[str, ...]], cleared: Collection[str]) -> int:
    """Raise Refused by IC-34 if one of ``names`` stands in ``texts`` and is not ``cleared``; else how many were cleared."""
    words = {place.word for text in texts for place in found(text, names)}
    if words - {*cleared}:
        raise Refused(
            "IC-34",
            "The words marked below look like the name of somebody else who was there. This goes into one person's own record, and "
            "nobody else's identity belongs there.",
            "Write “another member”, “the partner” or the like instead. Where a word is not that person, tick it below.",
        )
    return len(words)
