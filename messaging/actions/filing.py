"""A message goes into the record: the document is records' own, the mark is here."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from audit import trail
from messaging.models import Filed, Message
from practice.models import User


def mark_filed(messages: Iterable[Message], document: UUID, *, by: User) -> None:
    """Mark ``messages``, found by the door's thread, as filed in ``document`` of the record. A mark stays."""
    for message in messages:
        Filed(client_id=message.client_id, message=message, document=document, filed_by=by).save(force_insert=True)
        trail.change(message, "file_message")
