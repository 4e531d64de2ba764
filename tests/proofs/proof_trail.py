"""T03: the trail against the owner of its database. 1,000 random attacks, 50 honest histories, and how fast; a seed prints itself."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit import anchors
from tests.audit.sealed import check, key, link, seal_all, write_lines
from tests.audit.test_verify_trail import FREE, says

from .figures import figure

ATTACKS, HISTORIES, SEALS, EACH, MANY = 1000, 50, 20, 250, 500_000
SEED = int(os.environ.get("SEED", "20261122"))
COLUMNS = {
    "act": "'export'", "actor_id": "gen_random_uuid()", "role": "role || 'x'", "what": "what || 'x'", "what_id": "gen_random_uuid()",
    "client_id": "gen_random_uuid()", "part": "part || 'x'", "purpose": "purpose || 'x'", "request_id": "gen_random_uuid()",
    "session": "session || 'x'", "address": "'10.9.8.7'", "at": "at + interval '1 microsecond'",
}  # fmt: skip


def _two(chance: random.Random) -> tuple[int, int]:
    one, other = sorted(chance.sample(range(1, SEALS * EACH + 1), 2))
    return one, other


def edit(cursor: Any, chance: random.Random) -> None:
    column = chance.choice(list(COLUMNS))
    says(cursor, f"UPDATE audit_event SET {column} = {COLUMNS[column]} WHERE id = %s", _two(chance)[0])


def delete(cursor: Any, chance: random.Random) -> None:
    says(cursor, "DELETE FROM audit_event WHERE id = ANY(%s)", list(_two(chance)))


def delete_and_renumber(cursor: Any, chance: random.Random) -> None:
    gone, last = _two(chance)
    says(cursor, "ALTER TABLE audit_event ALTER id DROP IDENTITY")
    says(cursor, "DELETE FROM audit_event WHERE id = %s", gone)
    says(cursor, "UPDATE audit_event SET id = id - 1 WHERE id > %s AND id <= %s", gone, last)


def swap(cursor: Any, chance: random.Random) -> None:
    one, other = _two(chance)
    says(cursor, "ALTER TABLE audit_event ALTER id DROP IDENTITY")
    says(cursor, "UPDATE audit_event SET id = %s - id WHERE id IN (%s, %s)", one + other, one, other)


def forge(cursor: Any, chance: random.Random) -> None:
    says(
        cursor,
        """INSERT INTO audit_event (id, at, act, actor_id, role, what, part, purpose, session) OVERRIDING SYSTEM VALUE
        SELECT id, at + interval '1 ms', act, actor_id, role, what, part, purpose, session FROM audit_event WHERE id = %s""",
        _two(chance)[0],
    )


def cut(cursor: Any, chance: random.Random) -> None:
    number = chance.randint(1, SEALS)
    says(cursor, "DELETE FROM audit_event WHERE id > (SELECT after FROM audit_seal WHERE number = %s)", number)
    says(cursor, "DELETE FROM audit_seal WHERE number >= %s", number)


def rewrite(cursor: Any, chance: random.Random) -> None:
    """Changed lines, and every seal from there on made anew: with no key of ours, or with the stolen one."""
    number = chance.randint(1, SEALS)
    says(cursor, "UPDATE audit_event SET part = 'x' WHERE id = (SELECT upto FROM audit_seal WHERE number = %s)", number)
    says(cursor, "DELETE FROM audit_seal WHERE number >= %s", number)
    seal_all(cursor, [chance.choice([key("x"), key()]), key()])


def change_a_seal(cursor: Any, chance: random.Random) -> None:
    change = chance.choice(
        ["digest = repeat('a', 64)", "lines = lines - 1", "at = at - interval '1 s'", "mac = repeat('b', 64)", "marks = ''"]
    )
    says(cursor, f"UPDATE audit_seal SET {change} WHERE number = %s", chance.randint(1, SEALS))


def drop_a_seal(cursor: Any, chance: random.Random) -> None:
    says(cursor, "DELETE FROM audit_seal WHERE number = %s", chance.randint(1, SEALS))


KINDS: list[Callable[[Any, random.Random], None]] = [
    edit, delete, delete_and_renumber, swap, forge, cut, rewrite, change_a_seal, drop_a_seal,
]  # fmt: skip


@pytest.fixture
def cursor(own_db: str, settings: Any, tmp_path: Path) -> Any:
    settings.TRAIL_ANCHOR = tmp_path / "trail.jsonl"
    with link(own_db) as found:
        anchors.begin(found)
        yield found


def test_random_attacks(cursor: Any) -> None:
    chance, done, missed = random.Random(SEED), dict.fromkeys((kind.__name__ for kind in KINDS), 0), []
    for _ in range(SEALS):
        write_lines(cursor, EACH)
        seal_all(cursor)
    anchors.catch_up(cursor)
    cursor.execute(FREE)
    for _ in range(ATTACKS):
        attack = chance.choice(KINDS)
        says(cursor, "SAVEPOINT before")
        attack(cursor, chance)
        done[attack.__name__] += 1
        missed += [] if check(cursor).findings else [attack.__name__]
        says(cursor, "ROLLBACK TO before")
    assert check(cursor).findings == []
    told = ", ".join(f"{name} {count}" for name, count in done.items())
    print(f"\nT03 attacks found: {ATTACKS - len(missed)} of {ATTACKS} (seed {SEED}; {told}); control without an attack: 0 findings")
    figure("T03 attacks on the trail that are missed", len(missed), f"{ATTACKS:,} attacks", "without an attack: 0 findings")
    assert missed == []


def test_honest_histories(cursor: Any) -> None:
    """Lines, rolled back lines, jumps of the numbers, new keys, torn anchors, seals that wait for their anchor."""
    chance, alarms, keys = random.Random(SEED), 0, [key()]
    for _ in range(HISTORIES):
        for _ in range(chance.randint(1, 5)):
            write_lines(cursor, chance.randint(1, 40))
            says(cursor, "SAVEPOINT gone")
            write_lines(cursor, chance.randint(0, 9))
            says(cursor, "ROLLBACK TO gone")
            if chance.random() < 0.2:
                keys = [key(chance.choice("bcdefg")), *keys]
            seal_all(cursor, keys)
            if chance.random() < 0.7:
                anchors.catch_up(cursor)
            if chance.random() < 0.2:
                text = anchors.path().read_bytes()
                anchors.path().write_bytes(text[: -chance.randint(1, 60)] if text else text)
        anchors.catch_up(cursor)
        alarms += bool(check(cursor, keys).findings)
    print(f"\nT03 false alarms: {alarms} in {HISTORIES} honest histories (seed {SEED})")
    figure("T03 false alarms", alarms, f"{HISTORIES} honest histories", "attacks are found: above")
    assert alarms == 0


def test_speed(cursor: Any) -> None:
    write_lines(cursor, MANY)
    began = time.monotonic()
    seal_all(cursor)
    sealed = time.monotonic() - began
    anchors.catch_up(cursor)
    began = time.monotonic()
    assert check(cursor).findings == []
    verified = time.monotonic() - began
    print(f"\nT12 lines a second, of {MANY:,}: {MANY / sealed:,.0f} sealed, {MANY / verified:,.0f} verified")
    figure("T03 lines a second sealed, verified", f"{MANY / sealed:,.0f}, {MANY / verified:,.0f}", f"{MANY:,} lines")
    assert MANY / verified >= 90_000
