"""Messages of the portal go into the record: a transcript as a document, the files beside it, and the messages are marked."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from audit import clock
from messaging.actions import mark_filed
from messaging.contents import contents_of
from messaging.models import Message, Thread
from practice.models import User
from practice.refusals import Refused
from records.models import Document

from .documents import add_document

ANOTHER = "From another person"  # in the title, so that whoever releases the record sees it where they choose (RG-3)


def file_messages(thread: Thread, messages: Sequence[Message], *, by: User, ident: UUID | None = None) -> Document:
    """File ``messages`` of ``thread``, which a door gave, as one document of the client's record, and their files as others.

    What a representative wrote says in its title that it is information from another person. With one ``ident`` it is filed once.
    Raises Refused where nothing was chosen, or something is filed already.
    """
    already = Document.objects.filter(pk=ident, uploader=by, client=thread.client_id).first() if ident else None
    if already:
        return already
    if not messages:
        raise Refused("", "No message was chosen.", "Choose at least one.")
    if any(hasattr(message, "filed") for message in messages):
        raise Refused("", "One of these messages is in the record already.", "Open the page again and choose from what is left.")
    first, last = (f"{timezone.localtime(each.sent_at):%-d %b %Y}" for each in (messages[0], messages[-1]))
    days = first if first == last else f"{first} to {last}"
    title = f"Messages, {days}" if thread.is_own else f"{ANOTHER}: messages of a representative, {days}"
    raw = _transcript(thread, messages, by).encode()
    document = add_document(thread.client, raw, by=by, name="messages.txt", title=title, ident=ident)
    for message in messages:
        _file_attachments(thread, message, by)
    mark_filed(messages, document.pk, by=by)
    return document


def _file_attachments(thread: Thread, message: Message, by: User) -> None:
    for row in message.attachments.all():
        row.message = message
        where = f"with a message of {timezone.localtime(message.sent_at):%-d %b %Y}"
        title = f"{row.name[:60]}, {where}" if thread.is_own or message.by_staff else f"{ANOTHER}: {row.name[:60]}, {where}"
        add_document(thread.client, contents_of(row), by=by, name=row.name, title=title)


def _transcript(thread: Thread, messages: Sequence[Message], by: User) -> str:
    """The thread's facts, then each message with who sent it and when; letters that no text holds are left out."""
    whose = "the client" if thread.is_own else f"{thread.person.name}, who represents the client (information from another person)"
    now = timezone.localtime(clock.now())
    head = [
        "Messages of the portal, filed to the record",
        f"Client: {thread.client.code}",
        f"Between {whose} and the practice ({thread.get_kind_display()})",
        f"Filed by {by.name} on {now:%-d %B %Y, %H:%M}",
    ]
    text = "\n".join(head) + "\n\n" + "\n\n".join(_said(thread, message) for message in messages) + "\n"
    return "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) != "Cc")


def _said(thread: Thread, message: Message) -> str:
    role = "practice" if message.by_staff else thread.get_capacity_display()
    files = [f"With the file {row.name}" for row in message.attachments.all()]
    when = f"{timezone.localtime(message.sent_at):%-d %B %Y, %H:%M}"
    return "\n".join([f"{when}, {message.sender.name} ({role})", message.text, *files])
