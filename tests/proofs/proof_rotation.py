"""T05: the master key is rotated under load, and the rotation is killed at random points; a seed prints itself."""

from __future__ import annotations

import base64
import hashlib
import os
import random
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.committed import as_owner
from vault import keys
from vault.models import DataKey

from .figures import figure
from .load import CALM, READERS, SEED, WRITERS, Load, begin, end, lines, manage, wrong

KILLS, KEYS, BATCH = 20, 4000, 20
NEW = f"m9:{base64.urlsafe_b64encode(os.urandom(32)).decode()}"


def raw_of(ident: uuid.UUID) -> bytes:
    return hashlib.sha256(ident.bytes).digest()


@pytest.fixture
def load(own_db: str, settings: Any) -> Iterator[Load]:
    """The practice under its old master, with some thousand keys more; from then on the ring has both, as after a restart."""
    everybody = begin()
    rows = [DataKey(owner=uuid.uuid4(), compartment="record") for _ in range(KEYS)]
    for row in rows:
        keys.wrap(row, raw_of(row.id))
    with as_owner(own_db) as cursor:
        line = "INSERT INTO vault_datakey (id, owner, compartment, wrapped, master, created_at) VALUES (%s, %s, %s, %s, %s, now())"
        cursor.executemany(line, [(str(row.id), str(row.owner), row.compartment, row.wrapped, row.master) for row in rows])
    before = dict(connection.settings_dict["OPTIONS"])
    connection.close()
    connection.settings_dict["OPTIONS"] = {**before, "application_name": "subrosa-web-m9"}
    settings.MASTER_KEYS = [NEW, *settings.MASTER_KEYS]
    keys.forget_practice_keys()
    yield everybody
    connection.settings_dict["OPTIONS"] = before
    keys.forget_practice_keys()


def left(cursor: Any) -> int:
    """Keys on the old master. Those on the new one also grow by themselves: clients are taken in."""
    cursor.execute("SELECT count(*) FROM vault_datakey WHERE master <> 'm9'")
    return int(cursor.fetchone()[0])


def kill_at_random(name: str, ring: list[str], cursor: Any, chance: random.Random) -> tuple[int, tuple[float, float]]:
    """Start a rotation and end it with SIGKILL after some keys, or at any moment of its start: how many it came along, and when."""
    before, goal = left(cursor), chance.choice([0, *[chance.randint(1, 250)] * 4])
    rotation = manage(name, ring, "vault", "--skip-checks", "rotate-master", "--batch", str(BATCH))
    since = until = time.monotonic()
    while rotation.poll() is None and goal and (now := left(cursor)) > before - goal and until < since + 30:
        since, until = (time.monotonic() if now == before else since), time.monotonic()
        time.sleep(0.01)
    time.sleep(chance.random() * (0.03 if goal else 1))
    assert rotation.poll() is None, rotation.communicate()[0]
    rotation.kill()
    rotation.communicate()
    return before - left(cursor), (since, time.monotonic())


def every_key(name: str) -> list[DataKey]:
    with as_owner(name) as cursor:
        cursor.execute("SELECT id, owner, compartment, holder, wrapped, master FROM vault_datakey")
        return [DataKey.from_db("default", ["id", "owner", "compartment", "holder", "wrapped", "master"], row) for row in cursor.fetchall()]


def test_rotation_under_load_killed_at_random_points(load: Load, own_db: str, settings: Any) -> None:
    chance, ring = random.Random(SEED), list(settings.MASTER_KEYS)
    check = ("check", "--database", "default", "--tag", "database")
    with as_owner(own_db) as cursor, load.going():
        calm = time.monotonic()
        time.sleep(CALM)
        busy = time.monotonic()
        kills = [kill_at_random(own_db, ring, cursor, chance) for _ in range(KILLS)]
        half = end(*[manage(own_db, [one], *check) for one in ring])
        there = left(cursor)
        last = end(manage(own_db, ring, "vault", "rotate-master"))
        finished = time.monotonic()
        settings.MASTER_KEYS = [NEW]  # the old one is taken out, and every process started anew
        keys.forget_practice_keys()
        alone = end(manage(own_db, [NEW], "vault", "verify"), manage(own_db, [NEW], *check))
    rows, told, shut = every_key(own_db), lines(own_db), wrong(load)
    old = sum(row.master != "m9" for row in rows)
    same = sum(keys.unwrap(row) == raw_of(row.id) for row in rows)
    came, moving = sorted(count for count, _ in kills), [when for count, when in kills if count]
    report = [
        f"{len(load.reads):,} reads and {len(load.writes):,} writes ({READERS} readers, {WRITERS} writers, {len(load.names)} new clients): "
        f"{len(load.failed)} failed (seed {SEED}, {finished - calm:.0f} s)",
        f"{KILLS} rotations killed, after {came} keys: {there:,} of {len(rows):,} left, done in one run; {old} left on the old master; "
        f"{same:,} of {KEYS:,} known data keys the same as before; lines on the trail {told}",
        f"without the old master {len(shut)} of {len(load.said) + len(load.names)} notes and names do not open",
        f"half-way, a start with one of the two masters was refused {half.count(1)} times of 2 (T06)",
        f"p95 {load.p95((calm, busy))} before, {load.p95(*moving)} while keys moved",
        f"p95 {load.p95((busy, finished))} with the starts of {KILLS + 3} processes on the same cores",
    ]
    sys.stdout.write("".join(f"\nT05 {line}" for line in report) + "\n")
    figure(
        "T05 acts failed, values shut by new masters",
        len(load.failed) + len(shut),
        f"{len(load.reads) + len(load.writes):,} acts, {KILLS} kills",
        "see new data keys",
    )
    figure(
        "p95 of an act before new masters, and during",
        f"{load.p95((calm, busy))}, {load.p95(*moving)}",
        f"{len(load.reads) + len(load.writes):,} acts",
    )
    assert (load.failed, shut, old, same) == ([], [], 0, KEYS)
    assert (half, last, alone) == ([1, 1], [0], [0, 0])
    assert told["rotate_end"] == told["verify"] == 1
