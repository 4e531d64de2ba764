"""The parts of a couple's, family's or group's session: the shared part, then each person's, each in its own record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.http import HttpRequest

from clients.calling import called
from clients.models import Client
from records import access, actions
from records.models import Note, Session

from .reading import hung_on, written_parts


@dataclass
class Part:
    """One tab: what it is called, whose record it is in, and where it stands. ``ident`` is the id of the note it begins."""

    label: str
    client: Client
    session: Session
    note: Note | None
    current: bool
    may_begin: bool
    ident: UUID

    @property
    def state(self) -> dict[str, str]:
        """The state as a word, a tone and an icon."""
        if self.note is None:
            return {"word": "not begun", "tone": "neutral", "icon": "circle-dashed"}
        if self.note.is_signed:
            return {"word": "signed", "tone": "good", "icon": "lock-keyhole"}
        return {"word": "draft", "tone": "wait", "icon": "pencil"}


def parts_of(request: HttpRequest, session: Session | None, current: Note | None = None) -> list[Part]:
    """The parts of the session that ``session`` is or is within, as far as the reader may open them; of one person's none."""
    whole = access.unit_session(request.user, session) if session else None
    if whole is None:
        return []
    rows = {row.client_id: row for row in access.readable_sessions(request.user).filter(within=whole.pk).defer("place")}
    people = access.participants(request.user, whole)
    notes = _latest(access.part_notes(request.user, whole), current)
    mine = {
        *access.notable_sessions(request.user).filter(pk__in=[whole.pk, *(row.pk for row in rows.values())]).values_list("pk", flat=True)
    }
    places = [("Shared part", whole.client, whole), *((called(person), person, rows[person.pk]) for person in people if person.pk in rows)]
    here = current.session_id if current else None
    return [
        Part(label, client, place, notes.get(place.pk), place.pk == here, place.pk in mine, uuid5(place.pk, "progress"))
        for label, client, place in places
    ]


def _latest(notes: Any, current: Note | None) -> dict[Any, Note]:
    """The note that stands for each part: the one on the page, else a draft, else the latest."""
    found: dict[Any, Note] = {}
    for note in sorted(notes, key=lambda note: (not note.is_signed, note.created_at)):
        found[note.session_id] = note
    return found | ({current.session_id: current} if current else {})


def about_parts(request: HttpRequest, note: Note) -> dict[str, Any]:
    """What the editor and the page to sign say of a part: the tabs, into whose records it goes, and what is beyond the author's reach."""
    by: Any = request.user
    shared = actions.is_shared_part(note)
    readers = actions.readers_of_copies(note, by) if shared else []
    beyond = access.beyond_reach(by, note.session)
    copied = bool(readers) or (shared and actions.goes_into_records(note, by))
    return {
        "unit_parts": parts_of(request, note.session, note), "copied_to": readers,
        "unsearched": sum(not person["read"] for person in beyond) if note.unit_id or readers else 0,
        "without_copy": ", ".join(person["code"] for person in beyond if copied and person["here"] and not person["write"]),
        "nobody_there": shared and is_empty(request, note.session, beyond),
    }  # fmt: skip


def is_empty(request: HttpRequest, session: Session | None, beyond: list[dict[str, Any]]) -> bool:
    """Whether nobody is entered as having been at a unit's ``session``, ``beyond`` the reader's reach or within it."""
    if session is None or session.outcome not in (Session.Outcome.PLANNED, Session.Outcome.ATTENDED):
        return False
    return not any(person["here"] for person in beyond) and not access.participants(request.user, session).exists()


def named_parts(request: HttpRequest, note: Note) -> tuple[list[dict[str, Any]], list[str]]:
    """The parts of ``note`` with the words marked that look like another member's name, and those words (IC-34).

    What its documents are called comes as a part of its own where such a word is in it.
    """
    by: Any = request.user
    hung = hung_on(note) if note.unit_id else []  # those of a shared part go into nobody's own record
    called_so = "\n".join(f"{item['row'].title} ({item['row'].name})" for item in hung)
    parts = [*written_parts(note), {"heading": "What the documents are called", "text": called_so}]
    found = actions.names_in(note, [part["text"] for part in parts], by=by)
    for part, places in zip(parts, found, strict=True):
        part |= {"named": named_words(places), "marked": marked(part["text"], places) if places else []}
    return (parts if found[-1] else parts[:-1]), list(dict.fromkeys(word for part in parts for word in part["named"]))


def marked(text: str, places: list[actions.Named]) -> list[tuple[str, bool]]:
    """``text`` in pieces, each with whether it is to be marked; places that overlap are one."""
    pieces, at = [], 0
    for place in places:
        if place.end > at:
            start = max(place.start, at)
            pieces += [(text[at:start], False), (text[start : place.end], True)]
            at = place.end
    return [(piece, is_marked) for piece, is_marked in [*pieces, (text[at:], False)] if piece]


def named_words(places: list[actions.Named]) -> list[str]:
    """The different words to be ticked, in the order they stand in the text."""
    return list(dict.fromkeys(place.word for place in places))
