"""The shared part of a couple's, family's or group's session in each person's own record, where that is agreed (IC-33)."""

from __future__ import annotations

from django.db.models import QuerySet

from audit import trail
from clients.access import agreement_in_force
from clients.models import Client
from practice.models import User
from records.access import notable_sessions
from records.models import Addendum, Kind, Note, Session

from .fingerprints import addendum_hash, shown_hash


def is_shared_part(note: Note) -> bool:
    """Whether ``note`` is about a session of a couple, family or group, as such."""
    return note.session is not None and note.session.within_id is None and note.client.is_unit and note.kind != Kind.PSYCHOTHERAPY


def goes_into_records(note: Note, by: User) -> bool:
    """Whether ``note`` is a shared part, and the agreement in force says that it goes into each person's own record."""
    agreement = agreement_in_force(by, note.client) if is_shared_part(note) else None
    return agreement is not None and agreement.shared_into_records


def readers_of_copies(note: Note, by: User) -> list[Client]:
    """Into whose own records ``note`` (or an addendum to it) goes: one's own part into one's own, a shared part where agreed."""
    if note.session is None:
        return []
    if note.session.within_id:
        return [note.client]
    return [row.client for row in _rows(note, by)] if goes_into_records(note, by) else []


def _rows(note: Note, by: User) -> QuerySet[Session]:
    """The rows of those who were at the session of ``note`` and whose own record ``by`` may write in."""
    return notable_sessions(by).filter(within=note.session_id).order_by("client__since", "client")


def copy_shared_part(note: Note, *, by: User) -> None:
    """Copy ``note``, just signed, into the record of each who was there and whose record ``by`` may write in; if that is agreed.

    Its words, that is. Documents stay: what is in a file cannot be searched for another member's name (IC-34).
    """
    if not goes_into_records(note, by):
        return
    same = {name: getattr(note, name) for name in ("kind", "format", "created_at", "saved_at", "late_entry", "signed_at")}
    for row in _rows(note, by):
        copy = Note(
            client=row.client, session=row, unit_id=row.unit_id, copied_from=note, author=by, signed_by=by, content={**note.content}, **same
        )
        copy.signed_hash = shown_hash(copy)
        copy.save(force_insert=True)
        trail.change(copy, "copy_shared_part")


def copy_addendum(addendum: Addendum, *, by: User) -> None:
    """Copy an addendum to a shared part to where that part was copied, if the agreement still says so."""
    if not goes_into_records(addendum.note, by):
        return
    for note in addendum.note.copies.all():
        copy = Addendum(note=note, author=by, text=addendum.text, signed_at=addendum.signed_at, copied_from=addendum)
        copy.signed_hash = addendum_hash(copy)
        copy.save(force_insert=True)
        trail.change(copy, "copy_addendum")
