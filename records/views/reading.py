"""What the pages that show a note have in common: its words, its signatures, and where its co-signature stands."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from clients.access import care_team
from practice.files import SORTS
from records import access, actions
from records.kinds import read_parts
from records.models import Addendum, Document, Note


def written_parts(note: Note) -> list[dict[str, Any]]:
    """The parts of ``note`` as it is read: heading and text, in the order they are written."""
    return [{"heading": part.heading, "text": note.content.get(part.key, "")} for part in read_parts(note)]


def readers(note: Note) -> list[dict[str, Any]]:
    """Who can read ``note`` (a draft: once signed), from the door's own querysets: name, role and until when."""
    may = {person.pk for person in access.readers_of(note)}
    grants = {grant.user_id: grant for grant in care_team(note.client) if grant.user_id in may}
    return [{"name": grant.user.name, "role": grant.role_word, "until": grant.until} for grant in grants.values()]


def addenda_of(note: Note) -> list[Addendum]:
    """The addenda of ``note``, the oldest first."""
    if not getattr(note, "has_addenda", True):
        return []
    return list(note.addenda.select_related("author", "note").order_by("signed_at", "pk"))


def described(document: Document) -> dict[str, Any]:
    """A row of a list: the document, what sort of file it is, in words, and whether it was taken out."""
    sort = SORTS.get(document.sort)
    return {"row": document, "sort": sort, "word": sort.word if sort else "", "removed": document.removed_at is not None}


def hung_on(note: Note) -> list[dict[str, Any]]:
    """The documents of ``note``, as rows."""
    return [described(document) for document in access.documents_of(note)]


def as_read(note: Note) -> dict[str, Any]:
    """What a page shows of ``note``: its text, who signed and co-signed, and its addenda, each with whether it holds."""
    note.hung = access.documents_of(note)  # type: ignore[attr-defined]  # read back by access.documents_of: asked for once
    addenda = addenda_of(note)
    signature = getattr(note, "cosignature", None)
    return {
        "note": note, "parts": written_parts(note), "holds": note.is_signed and actions.signature_holds(note),
        "addenda": [{"row": row, "holds": actions.addendum_holds(row)} for row in addenda],
        "cosigned": {"row": signature, "holds": actions.cosignature_holds(signature, addenda)} if signature else None,
        "documents": hung_on(note),
    }  # fmt: skip


def about_cosigning(request: HttpRequest, note: Note) -> dict[str, Any]:
    """Where the co-signature of ``note`` stands: who was asked, what was asked back, and whether the reader may co-sign."""
    request_row = getattr(note, "cosign", None)
    if request_row is None:
        return {}
    stated = access.stated(access.readable_notes(request.user)).filter(pk=note.pk).defer("content", "session__place")
    note.cosign_state = stated.get().cosign_state  # type: ignore[attr-defined]  # as access.stated sets it
    before = access.draft_comments(request.user, note.pk)
    return {
        "cosign": request_row, "asked": [*before, *access.edit_requests(request.user, note)],
        "may_cosign": access.cosignable_notes(request.user).filter(pk=note.pk).exists(),
    }  # fmt: skip
