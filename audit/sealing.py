"""Seals: each minute the worker hashes the lines since the last seal, chains and signs the hash, and hands a copy outside.

Lines are sealed in the order of their numbers, up to a number below which nobody can still add one (``horizon``): so a line of a
transaction that commits late is sealed once, by the seal after its commit, and never skipped. Writing a line costs nothing more.
How a seal is made up and checked: audit/verify_bundle.py. Why it is so: docs/adr/0015.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import time
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from vault.blob import derive

from . import clock
from .verify_bundle import COLUMNS, MARK, NOTHING, SIGNED, VERSION, Record, body, digest, identity, leaf

MOST = 50_000  # numbers under one seal: what is read at once
PATIENCE = 20.0  # seconds to wait for transactions that have written lines and are not over
LOWEST = -(2**63)  # below any number: what was slipped in under the first line belongs to the first seal's range
_LOCK = 7251000001  # one sealer at a time
FIELDS = (*SIGNED, "mac", "signature", "farewell")


class CannotSeal(Exception):
    """Sealing stopped on purpose; ``word`` is one of Watch.trouble."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True)
class Key:
    """One key of the ring (settings.TRAIL_KEYS): it signs, and it makes the keyed hash."""

    secret: str

    @cached_property
    def _raw(self) -> bytes:
        return base64.urlsafe_b64decode(self.secret + "==")

    @cached_property
    def _signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(derive(self._raw, "trail signature"))

    @cached_property
    def public(self) -> str:
        """The public half, base64."""
        return base64.b64encode(self._signer.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()

    def sign(self, text: bytes) -> str:
        """The signature over ``text``, base64."""
        return base64.b64encode(self._signer.sign(text)).decode()

    def mac(self, text: bytes) -> str:
        """The keyed hash over ``text``, hex."""
        return hmac.digest(derive(self._raw, "trail mac"), text, "sha256").hex()


def ring() -> list[Key]:
    """The keys of the trail, the one that signs first."""
    return [Key(secret) for secret in settings.TRAIL_KEYS]


# --- reading; each takes a cursor in a transaction ---------------------------------------------------------------------


def leaves(cursor: Any, after: int, upto: int) -> list[bytes]:
    """The hashes of the lines with numbers above ``after`` up to ``upto``, in their order."""
    found: list[bytes] = []
    add, sha = found.append, hashlib.sha256
    _copy(cursor, after, upto, lambda row: add(sha(row).digest()))  # the same as leaf, without a call for each line
    return found


def named_leaves(cursor: Any, after: int, upto: int) -> list[tuple[int, bytes]]:
    """The same with the number of each line: slower."""
    found: list[tuple[int, bytes]] = []
    _copy(cursor, after, upto, lambda row: found.append((int(row.split(b"\t", 1)[0]), leaf(row))))
    return found


def copy_lines(cursor: Any, after: int, upto: int, write: Any) -> None:
    """Give each line of the range to ``write``, as it is hashed."""
    _copy(cursor, after, upto, write)


def _copy(cursor: Any, after: int, upto: int, write: Any) -> None:
    """PostgreSQL's COPY text of the lines, time in UTC: one row a call, with its newline."""
    cursor.execute("SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL work_mem = '64MB'")
    rows = f"SELECT {', '.join(COLUMNS)} FROM audit_event WHERE id > {int(after)} AND id <= {int(upto)} ORDER BY id"  # noqa: S608 (constants and numbers)
    cursor.copy_expert(f"COPY ({rows}) TO STDOUT", SimpleNamespace(write=write))


def as_record(row: tuple[Any, ...]) -> Record:
    """A row of ``FIELDS`` as the record that is signed and handed out."""
    record = dict(zip(FIELDS, row, strict=True))
    return record | {"at": moment(record["at"])}


def moment(at: datetime.datetime) -> str:
    """A time as a seal tells it."""
    return str(at.astimezone(datetime.UTC).isoformat(timespec="microseconds"))


def seals(cursor: Any, after: int, most: int = 500) -> list[tuple[Record, bytes]]:
    """The seals numbered above ``after``, with the marks of their lines."""
    cursor.execute(f"SELECT {', '.join(FIELDS)}, marks FROM audit_seal WHERE number > %s ORDER BY number LIMIT %s", [after, most])  # noqa: S608 (constants)
    return [(as_record(row[:-1]), bytes(row[-1])) for row in cursor.fetchall()]


def seal_at(cursor: Any, number: int | None = None) -> Record | None:
    """The seal of this number, or the last one."""
    which = "WHERE number = %s" if number is not None else "ORDER BY number DESC LIMIT 1"
    cursor.execute(f"SELECT {', '.join(FIELDS)} FROM audit_seal {which}", [number] if number is not None else [])  # noqa: S608 (constants)
    row = cursor.fetchone()
    return as_record(row) if row else None


# --- how far ----------------------------------------------------------------------------------------------------------


def horizon(cursor: Any, patience: float = PATIENCE) -> int:
    """The number up to which every line is there that ever will be. Raises CannotSeal where a transaction does not end.

    A writer holds its lock on the table from before it takes a number until its commit is seen. So: see how far numbers have
    come, then who holds that lock, then wait until each of those is over. Who comes later takes higher numbers.
    """
    cursor.execute("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM audit_event_id_seq")
    (upto,) = cursor.fetchone()
    until, waiting = time.monotonic() + patience, _writers(cursor)
    while waiting:
        if time.monotonic() > until:
            raise CannotSeal("busy")
        time.sleep(0.02)
        waiting &= _writers(cursor)
    return int(upto)


def _writers(cursor: Any) -> set[str]:
    """The transactions of others that have written to the trail and are not over."""
    cursor.execute(
        """SELECT DISTINCT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND relation IN (SELECT relid FROM pg_partition_tree('audit_event')) AND pid IS DISTINCT FROM pg_backend_pid()"""
    )
    return {name for (name,) in cursor.fetchall()}


# --- sealing ----------------------------------------------------------------------------------------------------------


def seal_next(cursor: Any, keys: list[Key], upto: int, vouched: set[int] | None = None) -> Record | None:
    """Seal the next lines up to ``upto`` at most, in the cursor's transaction; None where there are none, or somebody else seals.

    ``vouched``: numbers of seals after which a person declared a new key. Raises CannotSeal where the last seal's key is not in
    the ring and nobody declared so: a seal whose key no former key knows would prove nothing.
    """
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
    if not cursor.fetchone()[0]:
        return None
    last = seal_at(cursor)
    start = last["upto"] if last else 0
    end, found = _next_lines(cursor, start, upto, first=last is None)
    if not found:
        return None
    seal = _made(keys, last, end, found, vouched or set())
    _keep(cursor, seal, b"".join(each[:MARK] for each in found))
    return seal


def _next_lines(cursor: Any, start: int, upto: int, *, first: bool) -> tuple[int, list[bytes]]:
    """The end of the next range that holds lines, and their hashes."""
    end = min(start + MOST, upto)
    found = leaves(cursor, LOWEST if first else start, end)
    if not found and end < upto:  # a gap in the numbers: transactions that were rolled back
        cursor.execute("SELECT min(id) FROM audit_event WHERE id > %s AND id <= %s", [end, upto])
        (lowest,) = cursor.fetchone()
        if lowest is not None:
            end = min(lowest - 1 + MOST, upto)
            found = leaves(cursor, start, end)
    return end, found


def _made(keys: list[Key], last: Record | None, upto: int, found: list[bytes], vouched: set[int]) -> Record:
    key = keys[0]
    seal: Record = {
        "version": VERSION,
        "number": last["number"] + 1 if last else 1,
        "at": moment(clock.now()),
        "after": last["upto"] if last else 0,
        "upto": upto,
        "lines": len(found),
        "digest": digest(found),
        "previous": identity(last) if last else NOTHING,
        "key": key.public,
    }
    text = body(seal)
    former = _former(keys, last, vouched)
    mac = key.mac(text)
    return seal | {"mac": mac, "signature": key.sign(text + mac.encode()), "farewell": former.sign(text) if former else ""}


def _former(keys: list[Key], last: Record | None, vouched: set[int]) -> Key | None:
    """The key that vouches for a new one, at the first seal under it."""
    if last is None or last["key"] == keys[0].public:
        return None
    for key in keys[1:]:
        if key.public == last["key"]:
            return key
    if last["number"] in vouched:
        return None
    raise CannotSeal("key")


def _keep(cursor: Any, seal: Record, marks: bytes) -> None:
    holes = ", ".join(["%s"] * (len(FIELDS) + 1))
    columns = ", ".join((*FIELDS, "marks"))
    cursor.execute(f"INSERT INTO audit_seal ({columns}) VALUES ({holes})", [*(seal[name] for name in FIELDS), marks])  # noqa: S608 (constants)
