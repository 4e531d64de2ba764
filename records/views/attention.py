"""The queues that this room brings to home: rules of access.py, and what a row says of what they find."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db.models import QuerySet

from audit import clock
from practice.attention import SHOWN, Queue, Rows
from practice.models import User
from practice.roles import Role
from records import access
from records.models import DraftShare, Note, Session

Rule = Callable[[User], QuerySet[Any]]


def waiting(notes: QuerySet[Note], route: str, label: str, most: int = SHOWN) -> Rows:
    """Rows of notes that wait for a co-signature: note, client, when it is due, whether that is past, and what to press."""
    now, rows = clock.now(), notes.defer("content", "session__place")[:most]
    more = {"route": route, "label": label}
    return [{"thing": note, "client": note.client, "due": note.cosign.due_at, "late": note.cosign.due_at <= now} | more for note in rows]


def _row(thing: Session | Note | DraftShare, since: datetime.datetime) -> dict[str, Any]:
    """One row of a queue, with how long it waits in days; ``ident`` is the id of the note that its button begins."""
    days = (clock.now() - since).days
    return {"thing": thing, "client": thing.client, "days": days, "late": days >= access.ESCALATES_AFTER.days, "ident": uuid4()}


def _drafts(found: QuerySet[Note]) -> Rows:
    drafts = found.defer("content", "session__place")[:SHOWN]
    return [_row(draft, draft.session.ends_at if draft.session else draft.created_at) for draft in drafts]


def _sessions(found: QuerySet[Session]) -> Rows:
    return [_row(session, session.ends_at) for session in found.defer("place")[:SHOWN]]


def _to_answer(found: QuerySet[Note]) -> Rows:
    return waiting(found, "addendum_new", "Answer with an addendum")


def _to_cosign(found: QuerySet[Note]) -> Rows:
    return waiting(found, "note_cosign", "Read and co-sign")


def _shares(found: QuerySet[DraftShare]) -> Rows:
    return [_row(share, share.shared_at) for share in found.defer("content", "session__place")[:SHOWN]]


def _late(found: QuerySet[User]) -> Rows:
    return [{"who": colleague, "count": colleague.late} for colleague in found[:SHOWN]]  # type: ignore[attr-defined]  # annotated


def _for_supervisors(rule: Rule) -> Rule:
    """``rule``, which the database is not asked of somebody who supervises nobody."""
    return lambda person: rule(person) if person.holds(Role.SUPERVISOR) else rule(person).none()


QUEUES = (
    Queue("returned", "Edits requested", 10, "records/_cosign_row.html", access.returned_notes, _to_answer),
    Queue("returned-drafts", "Edits requested in your drafts", 15, "records/_unsigned_row.html", access.returned_drafts, _drafts),
    Queue("looks", "Drafts to look at", 20, "records/_look_row.html", _for_supervisors(access.drafts_to_look_at), _shares),
    Queue("cosigning", "Awaiting your co-signature", 30, "records/_cosign_row.html", _for_supervisors(access.cosign_queue), _to_cosign),
    Queue("unsigned", "Drafts waiting for your signature", 50, "records/_unsigned_row.html", access.undisputed_drafts, _drafts),
    Queue("unnoted", "Sessions without a note", 40, "records/_unnoted_row.html", access.unnoted_sessions, _sessions),
    Queue(
        "late-elsewhere", "Late notes of others", 90, "records/_late_elsewhere_row.html", access.late_elsewhere, _late,
        "Sessions without a note and drafts without a signature, from the seventh day on (REC-5). Only their number is shown: a draft "
        "is its author's alone. Ask them what keeps it.",
    ),
)  # fmt: skip
