"""Seals values of the practice that are no model fields: second factors, session data. Never client text."""

from __future__ import annotations

from . import blob, gate
from .keys import Keyhole, key_for, practice_key


def seal(compartment: str, label: str, text: bytes) -> bytes:
    """Seal ``text`` under the practice's key of ``compartment``, bound to ``label``."""
    ident, raw = key_for(Keyhole(gate.PRACTICE, compartment))
    return blob.seal(text, data_key=raw, key_id=ident, label=label, place=label)


def unseal(label: str, value: bytes) -> bytes:
    """The text sealed in ``value``; raises SealBroken if it was altered or sealed for another label."""
    return blob.unseal(value, data_key=practice_key(blob.key_id(value)), label=label, place=label)
