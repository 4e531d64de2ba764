"""One sealed value as bytes: version, key id, nonce, ciphertext. AES-256-GCM, padded to size classes."""

from __future__ import annotations

import hmac
import os
from bisect import bisect_left
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from . import gate

FIRST, VERSION = 1, 1  # the first there ever was, and the one that is written
SIZES = (256, 1024, 4096, 16384, 65536)  # bytes before encryption, so that length tells little
_HEAD = 1 + 16  # version, key id
_NONCE = 12


class SealBroken(Exception):
    """A sealed value did not open: wrong key, moved, altered or too old. It never says more than that."""

    def __init__(self) -> None:
        super().__init__("A sealed value did not open.")


def _pad(text: bytes) -> bytes:
    length = 4 + len(text)
    room = SIZES[bisect_left(SIZES, length)] if length <= SIZES[-1] else -(-length // SIZES[-1]) * SIZES[-1]
    return b"".join((len(text).to_bytes(4, "big"), text, bytes(room - length)))  # one copy, where adding makes two


def _unpad(body: bytes) -> bytes:
    return body[4 : 4 + int.from_bytes(body[:4], "big")]


def derive(data_key: bytes, label: str) -> bytes:
    """A 32-byte key for one use of ``data_key``: HKDF-Expand (RFC 5869) with a single SHA-256 block."""
    return hmac.digest(data_key, b"sub rosa " + label.encode() + b"\x01", "sha256")


def _cipher(data_key: bytes, label: str) -> AESGCM:
    """The cipher of one use of ``data_key``. An open door keeps it, as it keeps the key: making one takes longer than sealing 4 KB."""
    opening = gate.glance()
    if opening is None:
        return AESGCM(derive(data_key, label))
    cipher = opening.ciphers.get((data_key, label))
    if cipher is None:
        cipher = opening.ciphers[data_key, label] = AESGCM(derive(data_key, label))
    return cipher


def seal(text: bytes, *, data_key: bytes, key_id: UUID, label: str, place: str) -> bytes:
    """Seal ``text`` under the key for ``label``, bound to ``place`` (model, field, row, row version)."""
    head = bytes([VERSION]) + key_id.bytes
    nonce = os.urandom(_NONCE)
    return head + nonce + _cipher(data_key, label).encrypt(nonce, _pad(text), head + place.encode())


def key_id(blob: bytes) -> UUID:
    """The id of the data key that ``blob`` names; raises SealBroken on a version below the minimum or beyond ours."""
    if len(blob) <= _HEAD + _NONCE or not settings.VAULT_MINIMUM_VERSION <= blob[0] <= VERSION:
        raise SealBroken
    return UUID(bytes=bytes(blob[1:_HEAD]))


def unseal(blob: bytes, *, data_key: bytes, label: str, place: str) -> bytes:
    """The text in ``blob``; raises SealBroken if it was sealed elsewhere, under another key, or altered."""
    head, nonce, body = blob[:_HEAD], blob[_HEAD : _HEAD + _NONCE], blob[_HEAD + _NONCE :]
    try:
        return _unpad(_cipher(data_key, label).decrypt(nonce, body, head + place.encode()))
    except InvalidTag:
        raise SealBroken from None
