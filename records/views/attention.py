"""The queues that this room brings to home: rules of access.py, and what a row says of what they find."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import uuid4

from django.db.models import QuerySet

from audit import clock
from practice.attention import SHOWN, Queue, Rows
from practice.models import User
from practice.roles import Role
from records import access
from records.models import DraftShare, Note, Session


def waiting(notes: QuerySet[Note], route: str, label: str, most: int = SHOWN) -> Rows:
    """Rows of notes that wait for a co-signature: note, client, when it is due, whether that is past, and what to press."""
    now, rows = clock.now(), notes.defer("content", "session__place")[:most]
    more = {"route": route, "label": label}
    return [{"thing": note, "client": note.client, "due": note.cosign.due_at, "late": note.cosign.due_at <= now} | more for note in rows]


def _row(thing: Session | Note | DraftShare, since: datetime.datetime) -> dict[str, Any]:
    """One row of a queue, with how long it waits in days; ``ident`` is the id of the note that its button begins."""
    days = (clock.now() - since).days
    return {"thing": thing, "client": thing.client, "days": days, "late": days >= access.ESCALATES_AFTER.days, "ident": uuid4()}


def _unsigned(person: User) -> Rows:
    drafts = access.undisputed_drafts(person).defer("content", "session__place")[:SHOWN]
    return [_row(draft, draft.session.ends_at if draft.session else draft.created_at) for draft in drafts]


def _unnoted(person: User) -> Rows:
    return [_row(session, session.ends_at) for session in access.unnoted_sessions(person).defer("place")[:SHOWN]]


def _returned(person: User) -> Rows:
    return waiting(access.returned_notes(person), "addendum_new", "Answer with an addendum")


def _returned_drafts(person: User) -> Rows:
    drafts = access.returned_drafts(person).defer("content", "session__place")[:SHOWN]
    return [_row(draft, draft.session.ends_at if draft.session else draft.created_at) for draft in drafts]


def _to_look_at(person: User) -> Rows:
    if not person.holds(Role.SUPERVISOR):
        return []
    shares = access.drafts_to_look_at(person).defer("content", "session__place")[:SHOWN]
    return [_row(share, share.shared_at) for share in shares]


def _cosigning(person: User) -> Rows:
    return waiting(access.cosign_queue(person), "note_cosign", "Read and co-sign") if person.holds(Role.SUPERVISOR) else []


def _late_elsewhere(person: User) -> Rows:
    late = access.late_elsewhere(person)[:SHOWN]
    return [{"who": colleague, "count": colleague.late} for colleague in late]  # type: ignore[attr-defined]  # annotated


QUEUES = (
    Queue("returned", "Edits requested", 10, "records/_cosign_row.html", _returned),
    Queue("returned-drafts", "Edits requested in your drafts", 15, "records/_unsigned_row.html", _returned_drafts),
    Queue("looks", "Drafts to look at", 20, "records/_look_row.html", _to_look_at),
    Queue("cosigning", "Awaiting your co-signature", 30, "records/_cosign_row.html", _cosigning),
    Queue("unsigned", "Drafts waiting for your signature", 50, "records/_unsigned_row.html", _unsigned),
    Queue("unnoted", "Sessions without a note", 60, "records/_unnoted_row.html", _unnoted),
    Queue(
        "late-elsewhere", "Late notes of others", 70, "records/_late_elsewhere_row.html", _late_elsewhere,
        "Sessions without a note and drafts without a signature, from the seventh day on (REC-5). Only their number is shown: a draft "
        "is its author's alone. Ask them what keeps it.",
    ),
)  # fmt: skip
