"""T05: every client gets new data keys under load, and the run is killed at random points; with two builds that are broken."""

from __future__ import annotations

import random
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest

from audit import clock
from records import actions as records
from records.models import Note
from tests.cast import acting, write_note
from tests.committed import as_owner
from vault import gate

from .figures import figure
from .load import CALM, READERS, SEED, WRITERS, Load, begin, end, lines, manage, wrong

KILLS, MORE, BATCH = 20, 80, 20  # MORE: notes of each client beside the one that is written
WAITING = 3  # how many of the kills come while nothing is left to do but to wait

# Builds that lack one thing that the real one does. The first takes notes first, from a slow disk, so that somebody saves meanwhile.
UNLOCKED = """
import time
every = resealing.sealed_models()
resealing.sealed_models = lambda: sorted(every, key=lambda model: model._meta.label_lower != "records.note")
def turn(model, idents, progress):
    with gate.open_by(gate.Opening()):
        rows = []
        for row in resealing.naming(model).filter(pk__in=idents):
            try:
                rows.append((row.pk, resealing._anew(row)))
            except resealing.SealBroken:
                progress.shut[model._meta.label_lower, row.pk] = None
    time.sleep(1)
    for pk, anew in rows:
        model._base_manager.filter(pk=pk).update(**anew)
        progress.done += 1
resealing._turn = turn
"""
DROPPED_FIRST = """
def reseal(tell, pace):
    resealing.retired().delete()
    return real(tell, pace)
real, resealing.reseal = resealing.reseal, reseal
"""
BROKEN = """import os, sys, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
from django.core.management import call_command
from vault import gate, resealing
{change}
call_command("vault", "rotate-client", "--all-before", "{day}", "--batch", "3000", "--rest", "0", "--grace", "0", skip_checks=True)
"""


@dataclass
class Run:
    """A database under load, and the keys that are to go."""

    name: str
    ring: list[str]
    chance: random.Random
    cursor: Any
    old: list[Any] = field(default_factory=list)
    moving: list[tuple[float, float]] = field(default_factory=list)

    def take_the_keys_of_now(self) -> None:
        """What is there counts as old from here on."""
        self.cursor.execute("UPDATE vault_datakey SET created_at = now() - interval '2 days' WHERE owner <> %s", [str(gate.PRACTICE)])
        self.cursor.execute("SELECT uuid_send(id) FROM vault_datakey WHERE owner <> %s", [str(gate.PRACTICE)])
        self.old = [bytes(row[0]) for row in self.cursor.fetchall()]

    def left(self) -> int:
        """Notes that name an old key."""
        self.cursor.execute("SELECT count(*) FROM records_note WHERE substring(content from 2 for 16) = ANY(%s)", [self.old])
        return int(self.cursor.fetchone()[0])

    def rotation(self, grace: int) -> subprocess.Popen[str]:
        day = clock.today().isoformat()
        more = ("--all-before", day, "--batch", str(BATCH), "--grace", str(grace))
        return manage(self.name, self.ring, "vault", "--skip-checks", "rotate-client", *more)

    def kill(self, rows: int, later: float) -> int:
        """Start a run, and end it with SIGKILL after some rows, or when it began, and a little later: how many rows it came along."""
        before, run = self.left(), self.rotation(grace=600)
        since = until = time.monotonic()
        while run.poll() is None and rows and (now := self.left()) > max(0, before - rows) and until < since + 30:
            since, until = (time.monotonic() if now == before else since), time.monotonic()
            time.sleep(0.02)
        time.sleep(later)
        assert run.poll() is None, run.communicate()[0]
        run.kill()
        run.communicate()
        if came := before - self.left():
            self.moving.append((since, time.monotonic()))
        return came


@pytest.fixture
def everybody(own_db: str) -> tuple[Load, list[uuid.UUID]]:
    """Twenty clients, each with the draft that is written, a signed note and many more drafts; the second are the signed notes."""
    load = begin()
    signed = []
    for client, _ in load.notes:
        signed.append(write_note(load.ana, client, signed=True, text="Lantern that was signed").pk)
        with acting(load.ana):
            more = [Note(client=client, author=load.ana, content={"presenting": f"Lantern {number} stays"}) for number in range(MORE)]
            Note.objects.bulk_create(more)
        load.said |= {note.pk: f"Lantern {number} stays" for number, note in enumerate(more)}
    return load, signed


def unsigned(load: Load, signed: list[uuid.UUID]) -> int:
    """How many signatures do not hold to the letter."""
    with acting(load.ana):
        return sum(not records.signature_holds(note) for note in Note.objects.filter(pk__in=signed))


def control(run: Run, load: Load, change: str) -> tuple[int, int, int]:
    """The same load beside a broken build: acts, acts that failed, notes and names that are wrong at the end."""
    again = Load(load.ana, load.notes, dict(load.said))
    run.take_the_keys_of_now()
    day = clock.today().isoformat()
    with again.going():
        broken = manage(run.name, run.ring, code=BROKEN.format(change=change, day=day))
        said, _ = broken.communicate(timeout=90)
        assert "rows sealed anew" in said, said
        time.sleep(2)
    return len(again.reads) + len(again.writes), len(again.failed), len(wrong(again))


def test_new_data_keys_under_load_killed_at_random_points(everybody: tuple[Load, list[uuid.UUID]], own_db: str, settings: Any) -> None:
    load, signed = everybody
    began = time.monotonic()
    with as_owner(own_db) as cursor:
        run = Run(own_db, list(settings.MASTER_KEYS), random.Random(SEED), cursor)
        run.take_the_keys_of_now()
        rows = run.left()
        with load.going():
            calm = time.monotonic()
            time.sleep(CALM)
            busy = time.monotonic()
            chance, some = run.chance, rows // KILLS
            came = [run.kill(chance.choice([0, *[chance.randint(1, some)] * 4]), chance.random() * 0.2) for _ in range(KILLS - WAITING)]
            there = run.left()
            came += [run.kill(rows, chance.random() * 2) for _ in range(WAITING)]
            last = end(run.rotation(grace=2))
            finished = time.monotonic()
        opened = end(manage(own_db, run.ring, "vault", "verify", "--values"))
        cursor.execute("SELECT count(*) FROM vault_datakey WHERE uuid_send(id) = ANY(%s)", [run.old])
        kept, left, shut = int(cursor.fetchone()[0]), run.left(), wrong(load)
        cursor.execute("SELECT count(*), count(DISTINCT (owner, compartment, holder)) FROM vault_datakey")
        keys, holes = cursor.fetchone()
        unheld, told = unsigned(load, signed), lines(own_db)
        broken = {name: control(run, load, change) for name, change in {"no lock": UNLOCKED, "dropped first": DROPPED_FIRST}.items()}
    report = [
        f"{len(load.reads):,} reads and {len(load.writes):,} writes ({READERS} readers, {WRITERS} writers, {len(load.names)} new clients): "
        f"{len(load.failed)} failed (seed {SEED}, {finished - calm:.0f} s)",
        f"{len(run.old)} data keys, {rows:,} notes and all else they seal: {KILLS} runs killed, after {sorted(came)} notes, "
        f"the last {WAITING} while they waited; {there:,} were left before those; done in one run more; lines on the trail {told}",
        f"{left} notes on an old key, {kept} old keys left, {keys - holes} keyholes with two; verify --values opens all: {opened == [0]}",
        f"{len(shut)} of {len(load.said) + len(load.names)} notes and names do not say what was written last; "
        f"{unheld} of {len(signed)} signatures do not hold",
        f"p95 {load.p95((calm, busy))} before, {load.p95(*run.moving)} while values moved",
        *(
            f"control, {name}: {failed} of {acts:,} acts failed, {bad} notes and names wrong"
            for name, (acts, failed, bad) in broken.items()
        ),
        f"{time.monotonic() - began:.0f} s in all",
    ]
    sys.stdout.write("".join(f"\nT05 clients: {line}" for line in report) + "\n")
    told_by = ", ".join(f"{name}: {failed} of {acts:,}" for name, (acts, failed, _) in broken.items())
    figure(
        "T05 acts failed, values wrong by new data keys",
        len(load.failed) + len(shut),
        f"{len(load.reads) + len(load.writes):,} acts, {KILLS} kills",
        told_by,
    )
    figure(
        "p95 of an act before new data keys, and during",
        f"{load.p95((calm, busy))}, {load.p95(*run.moving)}",
        f"{len(load.reads) + len(load.writes):,} acts",
    )
    assert (load.failed, shut, left, kept, unheld, keys - holes) == ([], [], 0, 0, 0, 0)
    assert (last, opened, told["rotate_client_end"]) == ([0], [0], 1)
    assert all(failed and bad for _, failed, bad in broken.values()), "a broken build is not seen"
