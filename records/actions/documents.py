"""Documents: hung on the record or on a draft, and taken out again. Each verb leaves its line in the transaction of its change."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Func

from audit import clock, trail
from clients.models import Client
from clients.shredding import require_free
from practice.files import LONGEST_NAME, Clean, cleaned
from practice.models import User
from practice.refusals import Refused
from records.contents import mark_of
from records.models import Document, DocumentPiece, Kind, Note
from records.rows import insert, touch

PIECE = 1024 * 1024  # bytes sealed at a time
STEP = 64 * 1024  # what the quota counts in


def add_document(
    client: Client,
    raw: bytes,
    *,
    by: User,
    name: str,
    title: str = "",
    note: Note | None = None,
    ident: UUID | None = None,
    elsewhere: dict[str, Any] | None = None,
) -> Document:
    """Keep the file ``raw``, called ``name``, on the record, or on the draft ``note`` (found by the door, locked).

    ``ident`` is the id the form was given: sent twice, it is kept once. ``elsewhere``: where it was kept before.
    Raises Refused, with what to do, where the file is not of a sort we keep, too large, not sound, or where there is no room left.
    """
    already = Document.objects.filter(pk=ident, uploader=by, client=client, note=note).first() if ident else None
    if already:
        return already
    if note and note.is_signed:
        raise Refused("REC-5", "This note is signed, and so are the documents that hang on it.", "Add it to the record instead.")
    file = cleaned(name, raw)
    name = _last_part(name)
    about = {"title": title.strip() or PurePosixPath(name).stem, "name": name, "sort": file.sort.key, "size": len(file.content)}
    about |= {"elsewhere": elsewhere} if elsewhere else {}
    document = Document(id=ident or uuid4(), client=client, note=note, uploader=by, about=about, room=_room(client, file))
    document.mark = mark_of(document, file.content)
    insert(document, ident)
    _seal(document, file.content)
    if note is None or note.kind != Kind.PSYCHOTHERAPY:  # when one is written is its author's alone to know (REC-1)
        touch(client)
    trail.change(document, "add_document")
    return document


def _last_part(name: str) -> str:
    """A file's own name without folders, whichever way its system writes them; it is shown, and names nothing."""
    return PureWindowsPath(PurePosixPath(name).name).name[-LONGEST_NAME:]


def _seal(document: Document, content: bytes) -> None:
    for position, start in enumerate(range(0, len(content), PIECE)):
        DocumentPiece(document=document, position=position, content=content[start : start + PIECE]).save(force_insert=True)


def _room(client: Client, file: Clean) -> int:
    """The room that ``file`` takes up; raises Refused where the client's or the practice's is used up.

    The client's row is not locked for every upload: two at once may pass the limit by one file, which is a limit still.
    """
    wanted = -(-len(file.content) // STEP) * STEP
    taken = Func("pk", function="records_room_taken", output_field=ArrayField(BigIntegerField()))
    of_client, of_all = Client.objects.filter(pk=client.pk).values_list(taken, flat=True).get() or (0, 0)
    for used, most, whose in (
        (of_client, settings.DOCUMENT_CLIENT_BYTES, "this client"),
        (of_all, settings.DOCUMENT_PRACTICE_BYTES, "the practice"),
    ):
        if used + wanted > most:
            words = f"The room for documents of {whose} is used up ({most // 1024**2:,} MB)."
            raise Refused("", words, "Remove what was added by mistake, or ask your admin for more room.")
    return wanted


def remove_document(document: Document, reason: str, *, by: User) -> None:
    """Take out a document that was added by mistake: bytes and names are gone; who, when and why stay. Never once its note is signed."""
    if document.note_id and not Note.objects.select_for_update().filter(pk=document.note_id, signed_at=None).exists():
        raise Refused("REC-5", "The note this hangs on is signed, and the document with it.", "Say in an addendum what is wrong with it.")
    require_free(document.client)
    if not reason.strip():
        raise Refused("", "Say why it is taken out: the reason stays on the record.")
    document.about, document.room, document.reason = {}, 0, reason.strip()
    document.removed_at, document.removed_by = clock.now(), by
    document.save(update_fields=["about", "room", "reason", "removed_at", "removed_by"])
    document.pieces.all().delete()
    trail.change(document, "remove_document")
