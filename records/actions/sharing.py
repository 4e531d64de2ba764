"""A draft shown to one's supervisor: shared as it stands, answered with a comment or with nothing to add, taken back (ADR 12).

The supervisor reads the copy that was shared and edits nothing (SU-6). What the author writes afterwards stays theirs until
they share again.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from audit import clock, trail
from clients.access import denied, live_grants
from clients.models import Codename
from practice.models import User
from practice.refusals import Refused
from records.kinds import written_parts
from records.models import DraftComment, DraftShare, Kind, Note
from records.rows import insert

from .cosigning import supervisor_for
from .names import not_to_name, refuse_names, searched_texts


def looker_for(note: Note) -> User | None:
    """Who would be shown ``note``: its author's supervisor of now, who may open the client's record. Nobody for a psychotherapy note."""
    if note.kind == Kind.PSYCHOTHERAPY:
        return None
    supervisor = supervisor_for(note)
    if supervisor is None or supervisor.pk == note.author_id:
        return None
    opens = live_grants([Codename.SUPERVISE]).filter(~denied(supervisor, "content_object"), user=supervisor, content_object=note.client_id)
    return supervisor if opens.exists() else None


def share_draft(note: Note, *, by: User, version: int, cleared: Collection[str] = ()) -> DraftShare:
    """Share a draft (found by the door, locked) as it stands. ``version`` is the one that was shown; the same one again changes nothing.

    Raises Refused by REC-1 for a psychotherapy note, by SU-5 where nobody may look, by REC-5 for an empty one, by SE-6
    if the draft moved on, and by IC-34 if one person's part names another; ``cleared`` as in sign_note.
    """
    supervisor = _looker(note)
    if version != note.version:
        raise Refused("SE-6", "The draft changed after this page was shown. Read it again below, then share what you see.")
    if not any(note.content.get(part.key, "").strip() for part in written_parts(note)):
        raise Refused("REC-5", "There is nothing to look at yet. Write something first.")
    live = DraftShare.objects.filter(note=note, until=None)
    if already := live.filter(supervisor=supervisor, note_version=version).select_related("supervisor").first():
        return already
    names_cleared = refuse_names(searched_texts(note), not_to_name(note, by), cleared) if note.unit_id else 0
    live.exclude(supervisor=supervisor).update(until=clock.now())
    share = _shared(note, supervisor)
    if names_cleared:
        trail.change(share, "clear_names")
    return share


def _looker(note: Note) -> User:
    if note.kind == Kind.PSYCHOTHERAPY:
        raise Refused("REC-1", "A psychotherapy note is its author's alone. It is shared with nobody.")
    supervisor = looker_for(note)
    if supervisor is None:
        raise Refused("SU-5", "Nobody supervises your work with this client now.", "An admin enters who supervises whom, under Staff.")
    return supervisor


def _shared(note: Note, supervisor: User) -> DraftShare:
    share = DraftShare(note=note, client=note.client, session=note.session, kind=note.kind, format=note.format, note_version=note.version)
    share.content, share.author, share.supervisor = note.content, note.author, supervisor
    share.save(force_insert=True)
    trail.change(share, "share_draft")
    return share


def take_back(note: Note, *, by: User) -> None:
    """Show ``note`` to nobody any more; nothing happens where it is not shared."""
    if end_shares(note):
        trail.change(note, "take_back_draft")


def end_shares(note: Note) -> int:
    """End every share of ``note`` now, within a verb that leaves its line; returns how many there were."""
    return DraftShare.objects.filter(note=note, until=None).update(until=clock.now())


def comment_draft(share: DraftShare, comment: str, *, by: User, ident: UUID | None = None) -> DraftComment:
    """Ask the author for edits of what they shared (found by the door, locked). Sent twice, it counts once."""
    already = DraftComment.objects.filter(pk=ident, share=share, supervisor=by).first() if ident else None
    if already:
        return already
    row = DraftComment(share=share, note_id=share.note_id, author=share.author, client=share.client, supervisor=by, comment=comment)
    insert(row, ident)
    _answer(share)
    trail.change(share, "comment_draft")
    return row


def pass_draft(share: DraftShare, *, by: User) -> None:
    """Tell the author that there is nothing to add to what they shared."""
    _answer(share)
    trail.change(share, "pass_draft")


def _answer(share: DraftShare) -> None:
    if share.answered_at is None:
        share.answered_at = clock.now()
        share.save(update_fields=["answered_at"])
