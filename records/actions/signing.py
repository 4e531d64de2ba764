"""Signing a note, which locks it, and adding to it. Each verb leaves its line in the transaction of its change."""

from __future__ import annotations

import re
from collections.abc import Collection
from uuid import UUID, uuid4

from audit import clock, trail
from practice.models import User
from practice.refusals import Refused
from records.kinds import written_parts
from records.models import Addendum, Goal, Kind, Note, Session
from records.rows import insert

from .copies import copy_addendum, copy_shared_part
from .cosigning import ask_cosign
from .fingerprints import addendum_hash, shown_hash
from .names import not_to_name, refuse_names, searched_texts
from .sharing import end_shares

MOST_GOALS = 30  # of one plan


def sign_note(note: Note, *, by: User, shown: str, cleared: Collection[str] = ()) -> None:
    """Sign and lock. ``shown`` is the hex fingerprint of the text the signer saw; another text is refused.

    The lines of a plan's goals become goals that notes can name; where a rule asks for it, a supervisor is asked to co-sign.
    A shared part is copied into the records of those who were there, where that is agreed. ``cleared`` are words like another
    member's name that, so the signer says, are not (IC-34).
    """
    if not any(note.content.get(part.key, "").strip() for part in written_parts(note)):
        raise Refused("REC-5", "An empty note cannot be signed. Write what happened, or leave the draft.")
    _hold_session(note)
    if shown != shown_hash(note).hex():
        raise Refused("SE-6", "The note changed after this page was shown. Read it again below, then sign what you see.")
    _require_progress_note(note)
    note.names_cleared = refuse_names(searched_texts(note), not_to_name(note, by), cleared)
    set_goals(note)
    note.signed_at, note.signed_by, note.signed_hash = clock.now(), by, shown_hash(note)
    note.save(update_fields=["signed_at", "signed_by", "signed_hash", "names_cleared"])
    end_shares(note)
    trail.change(note, "sign_note")
    if note.names_cleared:
        trail.change(note, "clear_names")
    copy_shared_part(note, by=by)
    ask_cosign(note)


def _hold_session(note: Note) -> None:
    """Lock the session's row, as it is now, until the signature is in: its times are signed along."""
    if note.session:
        # A colleague's session is not this person's to lock.
        note.session = Session.objects.select_for_update().filter(pk=note.session.pk).first() or note.session


def _require_progress_note(note: Note) -> None:
    """Beside a psychotherapy note the session needs a note of its own in the record (REC-2)."""
    if note.kind != Kind.PSYCHOTHERAPY or note.session is None:
        return
    if not note.session.notes.exclude(kind=Kind.PSYCHOTHERAPY).filter(author=note.author).exists():
        raise Refused("REC-2", "This session has no progress note yet. Begin one first: a psychotherapy note never stands alone.")


_BULLET = re.compile(r"^\s*(?:[-*•\u2013]|\d{1,2}[.)])?\s*")


def set_goals(note: Note) -> None:
    """The lines of a plan's goals become goals that notes can name."""
    if note.kind != Kind.PLAN:
        return
    lines = [_BULLET.sub("", line).strip() for line in note.content.get("goals", "").splitlines()]
    for position, text in enumerate([line for line in lines if line][:MOST_GOALS]):
        Goal(client_id=note.client_id, plan=note, position=position, text=text).save(force_insert=True)


def add_addendum(note: Note, text: str, *, by: User, ident: UUID | None = None, cleared: Collection[str] = ()) -> Addendum:
    """Add a signed addendum to a signed note; the note itself stays as it is (REC-5). Sent twice, it counts once.

    It is copied to where a shared part was; ``cleared`` as in sign_note. Raises Refused by REC-5 and IC-34.
    """
    already = note.addenda.filter(pk=ident).first() if ident else None
    if already:
        return already
    if not text.strip():
        raise Refused("REC-5", "An empty addendum cannot be signed.")
    names_cleared = refuse_names([text], not_to_name(note, by), cleared)
    addendum = Addendum(note=note, author=by, text=text, id=ident or uuid4(), names_cleared=names_cleared)
    addendum.signed_hash = addendum_hash(addendum)
    insert(addendum, ident)
    trail.change(addendum, "add_addendum")
    if names_cleared:
        trail.change(addendum, "clear_names")
    copy_addendum(addendum, by=by)
    return addendum
