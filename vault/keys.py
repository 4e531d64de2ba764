"""The key ring: master keys wrap data keys, data keys seal text."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature
from django.db import connection
from django_cryptography.core.signing import FernetSigner
from django_cryptography.utils.crypto import FernetBytes, InvalidToken

from . import gate
from .blob import SealBroken, derive
from .models import DataKey
from .planned import Question, planned


@dataclass(frozen=True)
class Keyhole:
    """Which data key a value uses: whose, which compartment, and the one person it is for (None: the care team)."""

    owner: UUID
    compartment: str
    holder: UUID | None = None


class KeyMissing(SealBroken):
    """The data key is gone or not for this person."""


class KeyShredded(KeyMissing):
    """The data key of ``hole`` was destroyed on purpose: nothing under it opens any more, and nothing new is sealed."""

    def __init__(self, hole: Keyhole) -> None:
        super().__init__()
        self.hole = hole


@lru_cache
def _master(ident: str, secret: str) -> FernetBytes:
    raw = base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))
    return FernetBytes(derive(raw, "wrap"), FernetSigner(derive(raw, "sign"), algorithm="sha256"))


def masters() -> dict[str, FernetBytes]:
    """Every master key by id, the one that wraps new keys first (settings.MASTER_KEYS, ``id:base64url`` each)."""
    pairs = (entry.split(":", 1) for entry in settings.MASTER_KEYS)
    return {ident: _master(ident, secret) for ident, secret in pairs}


def _binding(row: DataKey) -> bytes:
    """Ties a wrapped key to its row, so that keys swapped in the database do not unwrap."""
    return hashlib.sha256(f"{row.id}|{row.owner}|{row.compartment}|{row.holder}".encode()).digest()


def wrap(row: DataKey, raw: bytes) -> None:
    """Set ``row.wrapped`` and ``row.master`` to ``raw`` (32 bytes) wrapped by the first master key."""
    ident, master = next(iter(masters().items()))
    row.master, row.wrapped = ident, master.encrypt(_binding(row) + raw)


def unwrap(row: DataKey) -> bytes:
    """The 32 raw bytes of ``row``; raises KeyMissing if its master is not here or the row was altered."""
    try:
        body = masters()[row.master].decrypt(bytes(row.wrapped))
    except (KeyError, InvalidToken, BadSignature):
        raise KeyMissing from None
    if body[:32] != _binding(row):
        raise KeyMissing
    return bytes(body[32:])


# Keys of the practice itself are used on every page; they stay in the process, as the master keys do.
_practice_keys: dict[UUID, bytes] = {}
_practice_ids: dict[str, UUID] = {}


def _keep(row: DataKey, ring: dict[UUID, bytes]) -> bytes:
    place = _practice_keys if row.owner == gate.PRACTICE else ring
    place[row.id] = unwrap(row)
    return place[row.id]


def practice_key(ident: UUID) -> bytes:
    """The raw key ``ident`` of the practice itself; needs no door, since no client's text is behind it."""
    if ident not in _practice_keys:
        row = DataKey.objects.filter(pk=ident, owner=gate.PRACTICE).first()
        if row is None:
            raise KeyMissing
        _keep(row, {})
    return _practice_keys[ident]


_COLUMNS = ["id", "owner", "compartment", "holder", "wrapped", "master", "retired_at", "shredded_at"]
_ASKED = f"SELECT {', '.join(_COLUMNS)} FROM vault_datakey WHERE id"  # noqa: S608 (constants)
FEW = 8  # ids asked for one by one: of an array PostgreSQL does not know how long it is, and plans each time
_FEW = [
    Question(sql=f"{_ASKED} IN ({', '.join(['%s'] * few)})", values=(None,) * few, holes=tuple((at, str(at)) for at in range(few)))
    for few in range(FEW + 1)
]


def _rows(idents: Collection[UUID]) -> list[DataKey]:
    """The keys of these ids that the actor may have, in plain SQL and planned once: each page of a client asks, and both took longer."""
    if not 0 < len(idents) <= FEW:  # none, where each of them was destroyed
        return _found(f"{_ASKED} = ANY(%s)", [list(idents)])
    with planned(_FEW[len(idents)], {str(at): ident for at, ident in enumerate(idents)}) as question:
        return _found(*question)


def _found(sql: str, values: Sequence[Any]) -> list[DataKey]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [DataKey.from_db("default", _COLUMNS, row) for row in cursor.fetchall()]


def data_key(ident: UUID) -> bytes:
    """The raw data key ``ident``, fetched with every other key the open door's rows want, in one query."""
    if ident in _practice_keys:
        return _practice_keys[ident]
    opening = gate.current()
    if ident not in opening.keys:
        wanted = (opening.wanted | {ident}) - opening.keys.keys() - _practice_keys.keys() - opening.shredded.keys()
        for row in _rows(wanted):
            hole = Keyhole(row.owner, row.compartment, row.holder)
            if row.shredded_at:
                opening.shredded[row.id] = hole
                continue
            _keep(row, opening.keys)
            if row.owner != gate.PRACTICE and row.id not in opening.made and row.retired_at is None:
                opening.found[hole] = row.id  # what is sealed next uses the same key
        opening.wanted.clear()
    if ident in opening.shredded:
        raise KeyShredded(opening.shredded[ident])
    try:
        return _practice_keys.get(ident) or opening.keys[ident]
    except KeyError:
        raise KeyMissing from None


def forget_practice_keys() -> None:
    """Drop the process's copies, for tests that change database and for a rotation."""
    _practice_keys.clear()
    _practice_ids.clear()


def key_for(hole: Keyhole) -> tuple[UUID, bytes]:
    """Id and raw key for new text of ``hole``; a client's is made at the first use, the practice's by a migration."""
    if hole.owner == gate.PRACTICE:
        return _practice_key_for(hole)
    opening = gate.glance() or gate.Opening()
    if hole in opening.found:
        return opening.found[hole], opening.keys[opening.found[hole]]
    row = _row(hole)
    if row is None:
        row = make(hole)
        opening.made.add(row.id)
    elif row.shredded_at:
        raise KeyShredded(hole)
    elif row.id not in opening.made:
        opening.found[hole] = row.id
    return row.id, _keep(row, opening.keys)


def _row(hole: Keyhole) -> DataKey | None:
    return DataKey.objects.filter(owner=hole.owner, compartment=hole.compartment, holder=hole.holder, retired_at=None).first()


def _practice_key_for(hole: Keyhole) -> tuple[UUID, bytes]:
    if hole.compartment not in _practice_ids:
        row = _row(hole)
        if row is None:
            raise KeyMissing
        _keep(row, {})
        _practice_ids[hole.compartment] = row.id
    ident = _practice_ids[hole.compartment]
    return ident, _practice_keys[ident]


def make(hole: Keyhole) -> DataKey:
    """A new data key for ``hole``, or the one that is there. Not for the practice's keys while the house runs:
    they are kept in the process, and a copy must not outlive a transaction that was rolled back."""
    row = DataKey(owner=hole.owner, compartment=hole.compartment, holder=hole.holder)
    wrap(row, os.urandom(32))
    DataKey.objects.bulk_create([row], ignore_conflicts=True)  # two first writers: one wins, both use it
    return DataKey.objects.get(owner=hole.owner, compartment=hole.compartment, holder=hole.holder, retired_at=None)
