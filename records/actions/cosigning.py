"""Co-signature: asked for as a note is signed, given or sent back by the supervisor, who never edits (SU-6).

The supervisor of a note is the one of the moment it was signed: who was put in place for this client by hand, otherwise
who supervises its author by the dated relation. When that supervision ends before they co-sign, it falls to whoever
supervises then (records.access.cosignable_notes). A note of somebody without a supervisor waits for nobody.
"""

from __future__ import annotations

import datetime
import hmac
import json
from collections.abc import Iterable
from uuid import UUID

from audit import clock, trail
from clients.access import live_grants
from clients.actions.team import supervisor_of
from clients.models import Codename
from practice.models import User
from practice.refusals import Refused
from records.models import Addendum, CoSignature, CosignRequest, CosignRule, EditRequest, Kind, Note
from records.rows import insert
from vault.tokens import fingerprint

from .fingerprints import addendum_holds, signature_holds
from .rules import rules


def ask_cosign(note: Note) -> CosignRequest | None:
    """Ask the supervisor of this moment to co-sign ``note``, just signed, if its kind or its author needs it; else None."""
    days = _days_to_cosign(note)
    supervisor = supervisor_for(note) if days else None
    if days is None or supervisor is None or note.signed_at is None:
        return None
    due_at = note.signed_at + datetime.timedelta(days=days)
    asked = CosignRequest.objects.create(note=note, author=note.author, supervisor=supervisor, asked_at=note.signed_at, due_at=due_at)
    trail.change(note, "ask_cosign")
    return asked


def _days_to_cosign(note: Note) -> int | None:
    """Days the supervisor has, or None where nothing asks for a co-signature. A psychotherapy note is its author's alone (REC-1)."""
    if note.kind == Kind.PSYCHOTHERAPY:
        return None
    practice = rules()
    own = CosignRule.objects.filter(supervisee=note.author_id).first()
    needed = note.kind in practice.cosign_kinds or (own is not None and note.kind in own.kinds)
    return practice.cosign_days if needed else None


def supervisor_for(note: Note) -> User | None:
    """The supervisor of ``note`` now: put in place for its client by hand, otherwise of its author; None where there is nobody."""
    chosen = live_grants([Codename.SUPERVISE]).filter(content_object=note.client_id, reason="override").exclude(user=note.author_id)
    if grant := chosen.select_related("user").order_by("-since").first():
        return grant.user
    supervision = supervisor_of(note.author)
    return supervision.supervisor if supervision else None


def cosign_hash(note: Note, addenda: Iterable[Addendum]) -> bytes:
    """The keyed fingerprint of what a co-signer sees: the note as signed, and each addendum (32 bytes)."""
    seen = [str(note.pk), bytes(note.signed_hash or b"").hex(), [bytes(row.signed_hash).hex() for row in addenda]]
    return fingerprint("cosign", json.dumps(seen))


def cosignature_holds(signature: CoSignature, addenda: Iterable[Addendum]) -> bool:
    """Whether the note and the addenda of that time are what was co-signed (SE-6)."""
    then = [row for row in addenda if row.signed_at <= signature.signed_at]
    return hmac.compare_digest(bytes(signature.signed_hash), cosign_hash(signature.note, then))


def _refuse_own(note: Note, by: User) -> None:
    if note.author_id == by.pk:
        raise Refused("SU-6", "Nobody co-signs a note of their own.")


def cosign(note: Note, *, by: User, shown: str) -> CoSignature:
    """Co-sign a note (found by the door, locked). ``shown`` is the hex fingerprint of what the page showed.

    Raises Refused by SU-6 for a note of one's own, by SE-6 if the note was added to since the page
    was shown, or is not what its author signed.
    """
    _refuse_own(note, by)
    addenda = list(note.addenda.select_related("note").order_by("signed_at", "pk"))
    if not signature_holds(note) or not all(map(addendum_holds, addenda)):
        raise Refused("SE-6", "This is not, to the letter, what its author signed. Tell your privacy officer today.")
    if shown != cosign_hash(note, addenda).hex():
        raise Refused("SE-6", "An addendum came after this page was shown. Read it below, then co-sign what you see.")
    signature = CoSignature(note=note, supervisor=by, signed_at=clock.now(), signed_hash=cosign_hash(note, addenda))
    signature.save(force_insert=True)
    trail.change(note, "cosign")
    return signature


def request_edits(note: Note, comment: str, *, by: User, ident: UUID | None = None) -> EditRequest:
    """Send a note back to its author with a comment; they answer with an addendum. Sent twice, it counts once.

    Raises Refused by SU-6 for a note of one's own.
    """
    _refuse_own(note, by)
    already = EditRequest.objects.filter(pk=ident, note=note, supervisor=by).first() if ident else None
    if already:
        return already
    row = EditRequest(note=note, supervisor=by, comment=comment)
    insert(row, ident)
    trail.change(note, "request_edits")
    return row
