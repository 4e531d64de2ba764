"""T05: the master key is rotated under load, and the rotation is killed at random points; a seed prints itself."""

from __future__ import annotations

import base64
import hashlib
import os
import random
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection, connections

from clients import actions as clients
from clients.models import Client
from practice.models import User
from practice.roles import Role
from records import actions as records
from records.models import Note
from tests.cast import acting, person, write_note
from tests.committed import as_owner
from tests.conftest import ROOT, on_database
from tests.consented import consented
from vault import keys
from vault.models import DataKey

WRITERS, READERS, KILLS, KEYS, BATCH = 20, 20, 20, 4000, 20
PAUSE, CALM = 1, 6  # seconds between two acts of one thread, and of load without a rotation
SEED = int(os.environ.get("SEED", "20261122"))
NEW = f"m9:{base64.urlsafe_b64encode(os.urandom(32)).decode()}"


@dataclass
class Load:
    """Twenty who write and twenty who read, until told to stop. ``failed``: what went wrong, by its type and words."""

    ana: User
    notes: list[tuple[Client, Note]]
    said: dict[uuid.UUID, str]
    names: dict[uuid.UUID, str] = field(default_factory=dict)
    reads: list[tuple[float, float]] = field(default_factory=list)
    writes: list[tuple[float, float]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def write(self, number: int, chance: random.Random) -> None:
        """A draft is saved with other words; one act in five takes in a client, which makes data keys."""
        note = self.notes[number][1]
        text = f"Lantern {number} {chance.random()}"
        with acting(self.ana):
            if made := chance.random() < 0.2:
                note = clients.take_in(by=self.ana, counselor=self.ana, given_name=text, family_name="Load")
            else:
                fresh = Note.objects.get(pk=note.pk)
                records.save_note(fresh, {"presenting": text}, by=self.ana, version=fresh.version, key=uuid.uuid4())
        (self.names if made else self.said)[note.pk] = text

    def read(self, number: int, chance: random.Random) -> None:
        """A note and its client's name are opened; what they say is compared."""
        client, note = chance.choice(self.notes)
        with acting(self.ana):
            found = Note.objects.get(pk=note.pk).content["presenting"]
            name = Client.objects.get(pk=client.pk).given_name
        assert found.startswith(f"Lantern {self.notes.index((client, note))} "), "another text"
        assert name == "Cleopatra", "another name"

    def keep(self, act: Callable[[int, random.Random], None], number: int, took: list[tuple[float, float]]) -> None:
        """One thread: the act, again and again."""
        chance = random.Random(f"{SEED} {act.__name__} {number}")
        while not self.over.is_set():
            began = time.monotonic()
            try:
                act(number, chance)
            except Exception as error:
                self.failed.append(f"{act.__name__}: {type(error).__name__}: {error}")
            took.append((began, time.monotonic() - began))
            self.over.wait(PAUSE * 2 * chance.random())
        connections.close_all()

    @contextmanager
    def going(self) -> Iterator[None]:
        """All forty, while inside."""
        plan = [(self.write, n, self.writes) for n in range(WRITERS)] + [(self.read, n, self.reads) for n in range(READERS)]
        threads = [threading.Thread(target=self.keep, args=each) for each in plan]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in threads:
                thread.join()

    def p95(self, *windows: tuple[float, float]) -> str:
        """Milliseconds, of the acts that began in one of these times."""
        took = sorted(length for began, length in [*self.reads, *self.writes] if any(since <= began < until for since, until in windows))
        return f"{took[int(len(took) * 0.95)] * 1000:.0f} ms ({len(took):,} acts)"


def raw_of(ident: uuid.UUID) -> bytes:
    return hashlib.sha256(ident.bytes).digest()


@pytest.fixture
def load(own_db: str, settings: Any) -> Iterator[Load]:
    """The practice under its old master, with some thousand keys more; from then on the ring has both, as after a restart."""
    ana = person("Ana Reyes", Role.COUNSELOR)
    notes, said = [], {}
    for number in range(WRITERS):
        with acting(ana):
            client = clients.take_in(by=ana, counselor=ana, given_name="Cleopatra", family_name="Marchetti")
        consented(client, ana)
        note = write_note(ana, client, text=f"Lantern {number} begins")
        notes.append((client, note))
        said[note.pk] = f"Lantern {number} begins"
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
    yield Load(ana, notes, said)
    connection.settings_dict["OPTIONS"] = before
    keys.forget_practice_keys()


def manage(name: str, ring: list[str], *arguments: str) -> subprocess.Popen[str]:
    """``manage.py`` as the owner, in a process of its own."""
    env = {**os.environ, "SUBROSA_AS": "owner", "MASTER_KEYS": ",".join(ring)}
    env["DATABASE_URL_OWNER"] = on_database(os.environ["DATABASE_URL_OWNER"], name)
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def left(cursor: Any) -> int:
    """Keys on the old master. Those on the new one also grow by themselves: clients are taken in."""
    cursor.execute("SELECT count(*) FROM vault_datakey WHERE master <> 'm9'")
    return int(cursor.fetchone()[0])


def kill_at_random(name: str, ring: list[str], cursor: Any, chance: random.Random) -> tuple[int, tuple[float, float]]:
    """Start a rotation and end it with SIGKILL after some keys, or at any moment of its start: how many it came along, and when."""
    before, goal = left(cursor), chance.choice([0, *[chance.randint(1, 250)] * 4])
    rotation = manage(name, ring, "vault", "rotate-master", "--batch", str(BATCH), "--skip-checks")
    since = until = time.monotonic()
    while rotation.poll() is None and goal and (now := left(cursor)) > before - goal and until < since + 30:
        since, until = (time.monotonic() if now == before else since), time.monotonic()
        time.sleep(0.01)
    time.sleep(chance.random() * (0.03 if goal else 1))
    assert rotation.poll() is None, rotation.communicate()[0]
    rotation.kill()
    rotation.communicate()
    return before - left(cursor), (since, time.monotonic())


def end(*processes: subprocess.Popen[str]) -> list[int]:
    """Their exit codes, in order; what those that failed said is kept for the report of pytest."""
    for process in processes:
        said, _ = process.communicate(timeout=60)
        if process.returncode:
            sys.stderr.write(said)
    return [process.returncode for process in processes]


def every_key(name: str) -> list[DataKey]:
    with as_owner(name) as cursor:
        cursor.execute("SELECT id, owner, compartment, holder, wrapped, master FROM vault_datakey")
        return [DataKey.from_db("default", ["id", "owner", "compartment", "holder", "wrapped", "master"], row) for row in cursor.fetchall()]


def wrong(load: Load) -> list[uuid.UUID]:
    """Notes and clients that do not open, or do not say what was written last."""
    with acting(load.ana):
        notes = [pk for pk, text in load.said.items() if Note.objects.get(pk=pk).content["presenting"] != text]
        return notes + [pk for pk, text in load.names.items() if Client.objects.get(pk=pk).given_name != text]


def lines(name: str) -> dict[str, int]:
    with as_owner(name) as cursor:
        cursor.execute("SELECT part, count(*) FROM audit_event WHERE what = 'vault.datakey' GROUP BY part ORDER BY part")
        return dict(cursor.fetchall())


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
    assert (load.failed, shut, old, same) == ([], [], 0, KEYS)
    assert (half, last, alone) == ([1, 1], [0], [0, 0])
    assert told["rotate_end"] == told["verify"] == 1
