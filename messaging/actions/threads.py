"""Threads: begun, written in, sent, laid aside. Each verb leaves its line in the transaction of its change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Sum

from audit import clock, trail
from clients.models import Client
from messaging import access
from messaging.contents import mark_of
from messaging.models import Attachment, AttachmentPiece, Draft, Message, Thread
from messaging.models.threads import PIECE, STEP
from practice.files import LONGEST_NAME, Clean, cleaned
from practice.models import User
from practice.refusals import Refused

from .telling import tell

MOST_FILES = 5  # with one message


class File(NamedTuple):
    """A file as it was chosen: what it is called where it came from, and its bytes."""

    name: str
    raw: bytes


class Conflict(Exception):
    """The draft was saved elsewhere since this text was loaded; nothing was overwritten. ``draft`` holds the other text."""

    def __init__(self, draft: Draft, mine: str) -> None:
        super().__init__("The draft was changed elsewhere.")
        self.draft = draft
        self.mine = mine


def begin_thread(client: Client, person: User, kind: str, *, by: User) -> Thread:
    """The thread of ``kind`` between ``person`` and the practice about ``client``, begun now where there is none.

    Raises Refused for a couple or family (each has their own), a closed record, and whoever has no standing in the portal (RG-12).
    """
    capacity = access.own_capacity(person, client)
    if client.is_unit:
        raise Refused("ACA A.8", "A couple or family has no messages of its own.", "Write to each person from their own page.")
    if client.status == Client.Status.ARCHIVED:
        raise Refused("", "This record is closed.", "Reopen it first.")
    if not capacity:
        raise Refused("RG-12", "They have no standing in the portal now.", "Invite them under Contacts first.")
    row = Thread.objects.filter(client=client, person=person, capacity=capacity, kind=kind).first()
    if row is None:
        row = Thread(client=client, person=person, capacity=Thread.Capacity(capacity), kind=Thread.Kind(kind), begun_by=by)
        row.save(force_insert=True)
        trail.change(row, "begin_thread")
    return row


def save_draft(thread: Thread, text: str, *, by: User, version: int) -> Draft:
    """Keep what ``by`` has written so far in ``thread``, which the door locked. ``version`` is that of the draft the writer saw (0: none).

    Raises Conflict where another window saved other words since; nothing is overwritten then.
    """
    draft = access.own_draft(by, thread) or Draft(client_id=thread.client_id, thread=thread, author=by)
    if not draft._state.adding and draft.text == text:
        return draft
    _require_seen(draft, text, version)
    _keep(draft, text)
    trail.change(thread, "save_message")
    return draft


def _keep(draft: Draft, text: str) -> None:
    draft.text, draft.saved_at = text, clock.now()
    draft.save(**({"force_insert": True} if draft._state.adding else {"update_fields": ["text", "saved_at"]}))


def _require_seen(draft: Draft, text: str, version: int) -> None:
    if not draft._state.adding and version != draft.version and draft.text.strip() and draft.text != text:
        raise Conflict(draft, text)


def send(thread: Thread, text: str, files: Sequence[File] = (), *, by: User, version: int, ident: UUID) -> Message:
    """Send ``text`` and ``files``. ``ident`` is the id the form was given: the same sent twice is one message. It stays as it is.

    The door locked ``thread``. Raises Conflict as ``save_draft`` does, and Refused for nothing at all and for a file that is not kept.
    """
    already = Message.objects.filter(pk=ident, thread=thread, sender=by).first()
    if already and (already.text, already.attached) == (text, len(files)):
        return already
    ident = uuid4() if already else ident  # other words from a page that somebody went back to: no word is lost
    draft = access.own_draft(by, thread)
    if draft:
        _require_seen(draft, text, version)
    if not text.strip() and not files:
        raise Refused("", "There is nothing to send yet.", "Write your message, or add a file.")
    message = _insert(thread, text, _cleaned(thread, files), by, ident)
    if draft and draft.text:
        _keep(draft, "")
    _move(thread, message)
    trail.change(message, "send_message")
    if message.by_staff:
        tell(thread, by=by)
    return message


def _insert(thread: Thread, text: str, files: list[tuple[str, Clean]], by: User, ident: UUID) -> Message:
    message = Message(id=ident, client_id=thread.client_id, thread=thread, sender=by, by_staff=by.pk != thread.person_id, text=text)
    message.attached = len(files)
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError as error:
        raise Refused("", "This form was used before.", "Open the page again and send it from there.") from error
    for position, (name, file) in enumerate(files):
        _attach(message, position, name, file)
    return message


def _cleaned(thread: Thread, files: Sequence[File]) -> list[tuple[str, Clean]]:
    """``files`` as they may be kept, under their names; raises Refused where one may not, or where they are too many."""
    if len(files) > MOST_FILES:
        raise Refused("", f"At most {MOST_FILES} files go with one message.", "Send the others with another one.")
    found = []
    for file in files:
        name = PureWindowsPath(PurePosixPath(file.name).name).name[-LONGEST_NAME:]
        try:
            found.append((name, cleaned(file.name, file.raw)))
        except Refused as refused:
            raise Refused(refused.rule, f"{name}: {refused.words}", refused.todo) from None
    used = Attachment.objects.filter(message__thread=thread).aggregate(used=Sum("room"))["used"] or 0
    if used + sum(_room(file) for _, file in found) > settings.DOCUMENT_CLIENT_BYTES:
        raise Refused("", "There is no room left for files in these messages.", "Bring it along, or send it by post.")
    return found


def _room(file: Clean) -> int:
    return -(-len(file.content) // STEP) * STEP


def _attach(message: Message, position: int, name: str, file: Clean) -> None:
    about = {"name": name, "sort": file.sort.key, "size": len(file.content)}
    row = Attachment(id=uuid4(), client_id=message.client_id, message=message, position=position, about=about, room=_room(file))
    row.mark = mark_of(row, file.content)
    row.save(force_insert=True)
    for at, start in enumerate(range(0, len(file.content), PIECE)):
        AttachmentPiece(attachment=row, position=at, content=file.content[start : start + PIECE]).save(force_insert=True)


def _move(thread: Thread, message: Message) -> None:
    thread.last_at = message.sent_at
    if message.by_staff:
        thread.answered_at, thread.waiting_since = message.sent_at, None
    else:
        thread.waiting_since = thread.waiting_since or message.sent_at
    thread.save(update_fields=["last_at", "answered_at", "waiting_since"])


def settle(thread: Thread, *, by: User) -> None:
    """Lay aside what waits in ``thread``: it needs no answer, or was answered by phone."""
    if thread.waiting_since is not None:
        thread.waiting_since = None
        thread.save(update_fields=["waiting_since"])
        trail.change(thread, "settle_thread")
