"""T04 and T02c: whoever may write to every table gets no wrong text accepted; whoever has all but the keys opens nothing."""

from __future__ import annotations

import base64
import copy
import hashlib
import io
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection, transaction

from clients import actions as clients
from practice.roles import Role
from records.models import Note
from tests.cast import SECRET, acting, person
from tests.committed import House, as_owner, as_role, furnish
from vault import blob, gate, keys, resealing
from vault.fields import Sealed, SealedField, SealedModel
from vault.models import DataKey

from .figures import figure
from .load import SEED

PAIRS, STORED, NOTES = 250, 150, 2000  # PAIRS: of each kind of swap; STORED: tries that go through the database
Value = tuple[SealedModel, SealedField, bytes]
Try = tuple[str, SealedModel, SealedField, bytes]


def values() -> list[Value]:
    """Every sealed value there is."""
    rows = [row for model in resealing.sealed_models() for row in model._base_manager.all()]
    shut = [(row, each, row.__dict__[each.attname]) for row in rows for each in row.sealed_fields()]
    return [(row, each, value.blob) for row, each, value in shut if value is not None]


def swaps(every: list[Value], chance: random.Random) -> Iterator[Try]:
    """A value in the place of another: of another row, field, client or model, as it is or with the head of the one that was there."""
    for _ in range(8 * PAIRS):
        (row, each, mine), (other, _, theirs) = chance.choice(every), chance.choice(every)
        if mine == theirs:
            continue
        kind = "another's" if row.keyhole().owner != other.keyhole().owner else "another row's" if row.pk != other.pk else "another field's"
        yield kind, row, each, theirs
        yield f"{kind}, under the head that was there", row, each, mine[:29] + theirs[29:]
        yield f"{kind}, with the key's id that was there", row, each, theirs[:1] + mine[1:17] + theirs[17:]


def damage(every: list[Value], chance: random.Random) -> Iterator[Try]:
    """Each byte of some values flipped, values cut at any length, with another version or another key's id."""
    idents = list(DataKey.objects.values_list("pk", flat=True))
    for row, each, value in chance.sample(every, 20):
        for place in range(len(value)):
            spoilt = bytearray(value)
            spoilt[place] ^= chance.randint(1, 255)
            yield "a byte flipped", row, each, bytes(spoilt)
    for row, each, value in chance.choices(every, k=PAIRS):
        yield "cut", row, each, value[: chance.randrange(len(value))]
        yield "lengthened", row, each, value + os.urandom(16)
        yield "version lowered", row, each, bytes([chance.choice([0, *range(blob.FIRST)])]) + value[1:]
        yield "version raised", row, each, bytes([chance.randint(blob.VERSION + 1, 255)]) + value[1:]
        yield (
            "another key's id",
            row,
            each,
            value[:1] + chance.choice([key for key in idents if key.bytes != value[1:17]]).bytes + value[17:],
        )
        yield "another nonce", row, each, value[:17] + os.urandom(12) + value[29:]


def older(every: list[Value], chance: random.Random) -> Iterator[Try]:
    """A value as it was at another version of its row, older or newer, put back by itself."""
    for row, each, value in chance.choices(every, k=PAIRS):
        for version in (row.version - 1, row.version + 1, 0, row.version + 100):
            moved = type(row)._base_manager.get(pk=row.pk)
            moved.version = version
            yield "of another version of the row", moved, each, value


def newer(every: list[Value], chance: random.Random, patch: pytest.MonkeyPatch) -> Iterator[Try]:
    """A format to come, and its values called by the version of today, which is opened as well."""
    with patch.context() as later:
        later.setattr(blob, "VERSION", blob.VERSION + 1)
        for row, each, value in chance.choices(every, k=PAIRS):
            lifted = each.reseal(row, Sealed(value))
            assert lifted
            yield "a newer one called older", row, each, value[:1] + lifted.blob[1:]


def opens(row: SealedModel, each: SealedField, value: bytes) -> bool:
    """Whether anything comes out."""
    try:
        each.unseal(row, Sealed(value))
    except blob.SealBroken:
        return False
    return True


def stored(tries: list[Try]) -> int:
    """Tries that are written into the table and read from there, with the triggers taken off: how many were accepted."""
    accepted = 0
    for _, row, each, value in tries:
        table = row._meta.db_table
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"UPDATE {table} SET {each.column} = %s, version = %s WHERE id = %s", [value, row.version, str(row.pk)])
            fresh = type(row)._base_manager.get(pk=row.pk)
            accepted += opens(fresh, each, fresh.__dict__[each.attname].blob)
            transaction.set_rollback(True)
    return accepted


def wrapped(chance: random.Random) -> tuple[int, int]:
    """Wrapped keys in each other's rows, and rows that say they are another's: tries, and how many unwrapped."""
    rows, tried, accepted = list(DataKey.objects.all()), 0, 0
    for row, other in ((a, b) for a in rows for b in rows if a is not b):
        for change in ({"wrapped": other.wrapped}, {"owner": other.owner}, {"compartment": other.compartment}, {"id": other.id}):
            if all(getattr(row, name) == value for name, value in change.items()):
                continue
            forged = copy.copy(row)
            forged.__dict__.update(change)
            tried += 1
            accepted += _unwraps(forged)
    for row in rows:
        for place in chance.sample(range(len(row.wrapped)), 20):
            forged = copy.copy(row)
            forged.wrapped = bytes(byte ^ (index == place) for index, byte in enumerate(bytes(row.wrapped)))
            tried, accepted = tried + 1, accepted + _unwraps(forged)
    return tried, accepted


def _unwraps(row: DataKey) -> bool:
    try:
        keys.unwrap(row)
    except blob.SealBroken:
        return False
    return True


@pytest.fixture
def furnished(own_db: str) -> Iterator[House]:
    """The cast with all that is theirs, looked at by the owner of the database, who has taken row-level security for granted."""
    house = furnish()
    with as_role("DATABASE_URL_OWNER"):
        yield house


def test_no_swapped_or_damaged_ciphertext_is_accepted(furnished: House, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(SEED)
    with gate.open_by(gate.Opening()):
        every = values()
        assert all(opens(*value) for value in every), "what is as it was opens"
        tries = [*swaps(every, chance), *damage(every, chance), *older(every, chance), *newer(every, chance, monkeypatch)]
        accepted = Counter(kind for kind, row, each, value in tries if opens(row, each, value))
        through = stored(chance.sample(tries, STORED))
        keys_tried, keys_accepted = wrapped(chance)
        with monkeypatch.context() as broken:  # a build whose values know their field, and not their place
            broken.setattr(SealedField, "_place", lambda self, row, hole: "")
            loose = [(row, each, _resealed(row, each, value)) for row, each, value in every]
            seen = sum(opens(row, each, value) for _, row, each, value in [*swaps(loose, chance), *older(loose, chance)])
    kinds = Counter(kind for kind, *_ in tries)
    report = [
        f"{len(tries) + keys_tried:,} tries: {sum(accepted.values()) + keys_accepted} accepted (seed {SEED}; {len(every)} values of "
        f"{len({type(row) for row, _, _ in every})} models; under 3 in {(len(tries) + keys_tried):,} at 95 %)",
        *(f"  {kind}: {accepted[kind]} of {count:,}" for kind, count in sorted(kinds.items())),
        f"  wrapped keys swapped, altered or under another name: {keys_accepted} of {keys_tried:,}",
        f"  written into the table and read from there: {through} of {STORED}",
        f"control, values that do not know their place: {seen} accepted",
    ]
    sys.stdout.write("".join(f"\nT04 {line}" for line in report) + "\n")
    figure(
        "T04 swapped or damaged ciphertexts accepted",
        sum(accepted.values()) + keys_accepted + through,
        f"{len(tries) + keys_tried:,} tries",
        f"not knowing their place: {seen}",
    )
    assert (dict(accepted), through, keys_accepted) == ({}, 0, 0)
    assert len(tries) + keys_tried >= 10_000
    assert seen > 100, "a broken build is not seen"


def _resealed(row: SealedModel, each: SealedField, value: bytes) -> bytes:
    """The value as the broken build seals it."""
    hole = each._hole(row)
    raw = keys.data_key(blob.key_id(value))
    place = f"{hole.owner}|{hole.compartment}|{hole.holder}|{each._label}|{row.pk}|{row.version}"
    text = blob.unseal(value, data_key=raw, label=each._label, place=place)
    return blob.seal(text, data_key=raw, key_id=blob.key_id(value), label=each._label, place="")


# --- T02c ---


def given() -> Iterator[bytes]:
    """What a thief finds beside the dump: every setting and every line of the environment but the masters, and what people try."""
    told = {name: str(getattr(settings, name)) for name in dir(settings) if name.isupper() and name != "MASTER_KEYS"}
    told |= {name: value for name, value in os.environ.items() if not name.startswith("MASTER_KEYS")}
    yield from (b"", b"\0", b"secret", b"changeme", b"password", b"subrosa", b"sub rosa", b"m1")
    for value in set(told.values()):
        yield from (part.encode() for part in {value, *value.replace(":", ",").split(",")})


def guesses() -> set[bytes]:
    """Keys of 32 bytes made of what was given, in the ways that people make keys."""
    found: set[bytes] = set()
    for raw in given():
        found |= {
            raw[:32].ljust(32, b"\0"),
            hashlib.sha256(raw).digest(),
            hashlib.pbkdf2_hmac("sha256", raw, b"", 1),
            blob.derive(raw, "wrap"),
        }
        with suppress(ValueError):
            found.add(base64.urlsafe_b64decode(raw + b"=" * (-len(raw) % 4))[:32].ljust(32, b"\0"))
    return found


def columns(text: bytes) -> list[list[str]]:
    """The rows of a dump in PostgreSQL's own text format."""
    return [line.split("\t") for line in text.decode().splitlines()]


def from_hex(value: str) -> bytes:
    return bytes.fromhex(value.removeprefix("\\\\x"))


def thief(own_db: str) -> tuple[list[DataKey], list[tuple[str, str, bytes]]]:
    """What stands in the dump: data keys as they are wrapped, and notes as id, version and sealed content."""
    with as_owner(own_db) as cursor:
        out = {}
        for table, names in (
            ("vault_datakey", "id, owner, compartment, holder, wrapped, master"),
            ("records_note", "id, version, content"),
        ):
            cursor.copy_expert(f"COPY {table} ({names}) TO STDOUT", file := io.BytesIO())
            out[table] = columns(file.getvalue())
    rows = [
        DataKey(
            id=UUID(ident),
            owner=UUID(owner),
            compartment=name,
            holder=None if holder == "\\N" else UUID(holder),
            wrapped=from_hex(raw),
            master=m,
        )
        for ident, owner, name, holder, raw, m in out["vault_datakey"]
    ]
    return rows, [(ident, version, from_hex(content)) for ident, version, content in out["records_note"]]


def opened(notes: list[tuple[str, str, bytes]], rows: dict[UUID, DataKey], raw_of: Callable[[UUID], list[bytes]]) -> int:
    """How many notes a decryptor of the thief's own opens, who knows how the house seals and whose each key is.

    What one note shows about a key holds for all notes under it: the others are tried with the keys that opened the first.
    """
    right: dict[UUID, list[bytes]] = {}
    count = 0
    for ident, version, content in notes:
        row = rows[blob.key_id(content)]
        place = f"{row.owner}|{row.compartment}|{row.holder}|records.note.content|{ident}|{version}"
        fits = [raw for raw in right.get(row.id) or raw_of(row.id) if _fits(content, raw, place)] if right.get(row.id) != [] else []
        right.setdefault(row.id, fits)
        count += bool(fits)
    return count


def _fits(content: bytes, raw: bytes, place: str) -> bool:
    try:
        blob.unseal(content, data_key=raw, label="records.note.content", place=place)
    except blob.SealBroken:
        return False
    return True


def test_a_dump_and_all_settings_but_the_masters_open_nothing(own_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = person("Ana Reyes", Role.COUNSELOR)
    with acting(ana):
        several = [clients.take_in(by=ana, counselor=ana, given_name="Cleopatra", family_name="Marchetti") for _ in range(10)]
        for client in several:
            Note.objects.bulk_create([Note(client=client, author=ana, content={"presenting": SECRET}) for _ in range(NOTES // 10)])
    every, notes = thief(own_db)
    rows, tried = {row.id: row for row in every}, sorted(guesses())
    with monkeypatch.context() as other:
        unwrapped = 0
        for guess in tried:
            entry = base64.urlsafe_b64encode(guess).decode()
            other.setattr(settings, "MASTER_KEYS", [f"{ident}:{entry}" for ident in {row.master for row in every}])
            unwrapped += sum(_unwraps(row) for row in every)
    without = opened(notes, rows, lambda ident: tried)
    with_key = opened(notes, rows, lambda ident: [keys.unwrap(rows[ident])])
    report = [
        f"{len(tried):,} keys made of everything but the masters: {unwrapped} of {len(every)} data keys unwrap, "
        f"{without} of {len(notes):,} notes open",
        f"control, with the masters: {with_key:,} of {len(notes):,} notes open",
    ]
    sys.stdout.write("".join(f"\nT02c {line}" for line in report) + "\n")
    figure(
        "T02c notes opened with all but the masters",
        without,
        f"{len(notes):,} notes, {len(tried):,} keys tried",
        f"with the masters: {with_key:,}",
    )
    assert (len(notes), unwrapped, without, with_key) == (NOTES, 0, 0, NOTES)
