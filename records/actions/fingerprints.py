"""Keyed fingerprints of what was signed: they say whether a text still is, to the letter, what was shown (SE-6)."""

from __future__ import annotations

import datetime
import hmac
import json

from records.access import documents_of
from records.models import Addendum, Format, Note
from vault.tokens import fingerprint


def shown_hash(note: Note) -> bytes:
    """The keyed fingerprint of what a signer sees: kind, text, version and documents, and when and how the session was (32 bytes)."""
    session = note.session
    facts = [session.starts_at, session.ends_at] if session else []
    times = [moment.astimezone(datetime.UTC).isoformat() for moment in facts] + ([session.modality] if session else [])
    form = [] if note.format == Format.GUIDED else [note.format]  # notes signed before there were formats still hold
    hung = [[str(row.pk), bytes(row.mark).hex()] for row in documents_of(note)]
    seen = [str(note.pk), note.kind, *form, note.version, note.content, times, *([hung] if hung else [])]
    return fingerprint("note", json.dumps(seen, sort_keys=True, ensure_ascii=False))


def signature_holds(note: Note) -> bool:
    """Whether a signed note is still, to the letter, what was signed (SE-6)."""
    return note.signed_hash is not None and hmac.compare_digest(bytes(note.signed_hash), shown_hash(note))


def addendum_hash(addendum: Addendum) -> bytes:
    """The keyed fingerprint of an addendum: whose, which, and its text (32 bytes)."""
    return fingerprint("addendum", json.dumps([str(addendum.note_id), str(addendum.pk), addendum.text], ensure_ascii=False))


def addendum_holds(addendum: Addendum) -> bool:
    """Whether an addendum is still, to the letter, what was signed (SE-6)."""
    return hmac.compare_digest(bytes(addendum.signed_hash), addendum_hash(addendum))
