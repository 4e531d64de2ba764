"""The bytes of an attachment, put together from its sealed pieces, and the mark that says they are those that were sent."""

from __future__ import annotations

import hmac
import json

from vault.blob import SealBroken
from vault.tokens import fingerprint

from .models import Attachment


def mark_of(attachment: Attachment, content: bytes) -> bytes:
    """The keyed fingerprint of an attachment: which it is, what it is called, and its bytes (32 bytes)."""
    return fingerprint("attachment", json.dumps([str(attachment.pk), attachment.about], sort_keys=True).encode() + content)


def contents_of(attachment: Attachment) -> bytes:
    """The bytes of ``attachment``, to the letter what was sent; raises SealBroken where they are not, as when a piece is missing."""
    pieces = attachment.pieces.order_by("position")
    content = b"".join(piece.content for piece in pieces)
    if not hmac.compare_digest(mark_of(attachment, content), bytes(attachment.mark)):
        raise SealBroken
    return content
