"""Keyed tokens: equal words give equal tokens, and without the key a token tells nothing (blind index)."""

from __future__ import annotations

import hmac

from . import gate
from .blob import derive
from .keys import Keyhole, key_for


def token(kind: str, text: str) -> bytes:
    """16 bytes standing for ``text`` among values of ``kind``. The caller normalises ``text`` first."""
    _, raw = key_for(Keyhole(gate.PRACTICE, "tokens"))
    return hmac.digest(derive(raw, f"token {kind}"), text.encode(), "sha256")[:16]


def fingerprint(kind: str, text: str | bytes) -> bytes:
    """32 bytes that change when ``text`` changes: a keyed hash, so that short texts cannot be guessed from it."""
    _, raw = key_for(Keyhole(gate.PRACTICE, "tokens"))
    return hmac.digest(derive(raw, f"fingerprint {kind}"), text.encode() if isinstance(text, str) else text, "sha256")
