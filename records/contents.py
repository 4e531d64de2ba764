"""The bytes of a document, put together from its sealed pieces, and the mark that says they are those that were kept."""

from __future__ import annotations

import hmac
import json

from vault.blob import SealBroken
from vault.tokens import fingerprint

from .models import Document


def mark_of(document: Document, content: bytes) -> bytes:
    """The keyed fingerprint of a document: which it is, what it is called, and its bytes (32 bytes)."""
    return fingerprint("document", json.dumps([str(document.pk), document.about], sort_keys=True).encode() + content)


def contents_of(document: Document) -> bytes:
    """The bytes of ``document``, to the letter what was kept; raises SealBroken where they are not, as when a piece is missing."""
    content = b"".join(piece.content for piece in document.pieces.order_by("position"))
    if not hmac.compare_digest(mark_of(document, content), bytes(document.mark)):
        raise SealBroken
    return content
