"""What stands on a paper of the record, in words: the same for the page that is printed and for the PDF.

Whatever a door gave is put into plain values here. A title never holds a name; a psychotherapy note is never part of a chart (REC-1).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import timezone

from audit import clock
from clients.calling import called
from clients.models import Client
from practice.files import SORTS
from practice.models import Practice, User

from . import access, actions
from .kinds import ELSEWHERE, read_parts
from .models import Addendum, Document, Kind, Note, Session, Setting

CONFIDENTIAL = "Confidential: for the person it was given to, and nobody else"
APART = "Psychotherapy note: for its author alone, kept apart from the record (REC-1)"
DRAFT = "Draft: not signed, and not part of the record yet"
LATE = "Late entry"
LEFT_OUT = "Drafts that are not signed yet, and notes that are kept apart from the record by law, are never part of it."
_HOLDS = "The text is, to the letter, what was signed."
_BROUGHT = "Signed elsewhere. The text is, to the letter, what was brought in."
_COSIGNED = "The co-signature is under the note and the addenda there were by then."
_NOT_COSIGNED = (
    "This is not what was co-signed: the co-signature does not fit (SE-6). Do not rely on it, and tell your privacy officer today."
)
_BROKEN = "This text is not what was signed: its signature does not fit (SE-6). Do not rely on it, and tell your privacy officer today."

Facts = list[tuple[str, str]]


def note_paper(note: Note, addenda: Iterable[Addendum], *, by: User, practice: Practice) -> dict[str, Any]:
    """One note on paper, for ``by`` who makes it."""
    found = _frame("Session note", note.client, by, practice)
    facts = [("Client", called(note.client)), ("Code", note.client.code), *_session_facts(note), ("Written by", _signer(note.author))]
    return found | _note(note, addenda) | {"heading": _kind(note), "draft": not note.is_signed, "facts": facts}


def chart_paper(
    client: Client,
    *,
    also: list[str],
    since: datetime.date,
    until: datetime.date,
    sessions: Iterable[Session] | None,
    notes: Iterable[Note] | None,
    documents: Iterable[Document] = (),
    by: User,
    practice: Practice,
) -> dict[str, Any]:
    """A part of ``client``'s record on paper: sessions and signed notes of these days; None leaves either out.

    ``also`` are the codes of rows that are the same person and stand in it as well.

    Documents are listed, and what is in them is not: each is fetched by itself.
    """
    found = _frame("Record", client, by, practice)
    facts = [
        ("Client", called(client)),
        ("Code", ", ".join([client.code, *also])),
        ("Days", f"{_day(since)} to {_day(until)}"),
        ("Left out", LEFT_OUT),
    ]
    return found | {
        "heading": "Part of a record", "states": [], "draft": False, "facts": facts,
        "sessions": None if sessions is None else [_row(session) for session in sessions],
        "notes": None if notes is None else [_charted(note) for note in notes],
        "documents": _listed(documents),
    }  # fmt: skip


def _frame(title: str, client: Client, by: User, practice: Practice) -> dict[str, Any]:
    made = f"Made by {by.name} on {_moment(clock.now())} ({timezone.get_current_timezone_name()})."
    return {
        "title": title, "practice": practice.name, "code": client.code, "made": made, "confidential": CONFIDENTIAL,
        "demo": settings.DEMO,
    }  # fmt: skip


# --- notes --------------------------------------------------------------------------------------------------------------


def _note(note: Note, addenda: Iterable[Addendum]) -> dict[str, Any]:
    copy = f"Shared part of a {note.session.get_setting_display()}" if note.session and note.copied_from_id else ""
    states = [
        (copy, bool(copy)), (DRAFT, not note.is_signed), (LATE, note.late_entry), (APART, note.kind == Kind.PSYCHOTHERAPY), _awaited(note),
    ]  # fmt: skip
    addenda = list(addenda)
    return {
        "states": [words for words, holds in states if holds],
        "parts": _written(note),
        "documents": _listed(access.documents_of(note)),
        "signature": _of_note(note) if note.is_signed else None,
        "addenda": [{"text": one.text, "signature": _signature(one.author, one.signed_at, actions.addendum_holds(one))} for one in addenda],
        "cosignature": _cosignature(note, addenda),
    }


def _awaited(note: Note) -> tuple[str, bool]:
    """That a co-signature is still awaited, in words, and whether it is. What the two say to each other is no part of a paper (SU-9)."""
    asked = getattr(note, "cosign", None)
    if asked is None or getattr(note, "cosignature", None):
        return "", False
    return f"Not co-signed yet: asked of {_signer(asked.supervisor)}, due {_day(timezone.localtime(asked.due_at).date())}", True


def _cosignature(note: Note, addenda: list[Addendum]) -> dict[str, Any] | None:
    signed = getattr(note, "cosignature", None)
    if signed is None:
        return None
    facts = [("Co-signed by", _signer(signed.supervisor)), ("Co-signed on", _moment(signed.signed_at))]
    holds = actions.cosignature_holds(signed, addenda)
    return {"facts": facts, "holds": holds, "words": _COSIGNED if holds else _NOT_COSIGNED}


def _written(note: Note) -> list[dict[str, str]]:
    parts = [{"heading": part.heading, "text": note.content.get(part.key, "")} for part in read_parts(note)]
    return [part for part in parts if part["text"].strip()]


def _listed(documents: Iterable[Document]) -> list[tuple[str, str]]:
    return [(f"Added {_day(timezone.localtime(row.added_at).date())}", f"{row.title} ({SORTS[row.sort].word})") for row in documents]


def _charted(note: Note) -> dict[str, Any]:
    when = note.session.starts_at if note.session else note.created_at
    facts = [*_session_facts(note), ("Written by", _signer(note.author))]
    return _note(note, note.addenda.all()) | {"heading": f"{_kind(note)}, {_moment(when)}", "facts": facts}


def _signature(who: Any, when: Any, holds: bool) -> dict[str, Any]:
    facts = [("Signed by", _signer(who)), ("Signed on", _moment(when))]
    return {"facts": facts, "holds": holds, "words": _HOLDS if holds else _BROKEN}


def _of_note(note: Note) -> dict[str, Any]:
    """Its signature; of one that was signed elsewhere, who brought it in: who signed it stands in its text."""
    found = _signature(note.signed_by, note.signed_at, actions.signature_holds(note))
    if ELSEWHERE not in note.content:
        return found
    facts = [("Brought in by", _signer(note.signed_by)), ("Brought in on", _moment(note.signed_at or note.created_at))]
    return found | {"facts": facts, "words": _BROUGHT if found["holds"] else _BROKEN}


def _signer(person: Any) -> str:
    return f"{person.name}, {person.credentials}" if person.credentials else str(person.name)


def _kind(note: Note) -> str:
    label = str(note.get_kind_display())
    return label[:1].upper() + label[1:]


# --- sessions -----------------------------------------------------------------------------------------------------------


def _session_facts(note: Note) -> Facts:
    session = note.session
    if session is None:
        return [("Begun on", _moment(note.created_at))]
    day, hours, how, counselor, outcome = _row(session)
    return [("Date", day), ("Start and stop", hours), ("How", how), ("Counselor", counselor), ("Took place", outcome)]


def _row(session: Session) -> tuple[str, str, str, str, str]:
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    how, outcome = str(session.get_modality_display()), str(session.get_outcome_display())
    how = how if session.setting == Setting.INDIVIDUAL else f"{how}, {session.get_setting_display()}"
    return _day(starts.date()), f"{starts:%H:%M} to {ends:%H:%M}", how.capitalize(), str(session.counselor.name), outcome.capitalize()


def _day(day: datetime.date) -> str:
    return f"{day:%-d %b %Y}"


def _moment(moment: datetime.datetime) -> str:
    return f"{timezone.localtime(moment):%-d %b %Y, %H:%M}"
