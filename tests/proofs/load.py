"""Twenty who write and twenty who read, while keys are rotated beside them in processes of their own."""

from __future__ import annotations

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

from django.db import connections

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
from vault.blob import SealBroken

WRITERS, READERS = 20, 20
PAUSE, CALM = 1, 6  # seconds between two acts of one thread, and of load without a rotation
SEED = int(os.environ.get("SEED", "20261122"))


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


def begin() -> Load:
    """Ana, and a client with a draft for each who writes."""
    ana = person("Ana Reyes", Role.COUNSELOR)
    notes, said = [], {}
    for number in range(WRITERS):
        with acting(ana):
            client = clients.take_in(by=ana, counselor=ana, given_name="Cleopatra", family_name="Marchetti")
        consented(client, ana)
        note = write_note(ana, client, text=f"Lantern {number} begins")
        notes.append((client, note))
        said[note.pk] = f"Lantern {number} begins"
    return Load(ana, notes, said)


def manage(name: str, ring: list[str], *arguments: str, code: str = "") -> subprocess.Popen[str]:
    """``manage.py`` as the owner, or some ``code`` instead of it, in a process of its own."""
    env = {**os.environ, "SUBROSA_AS": "owner", "MASTER_KEYS": ",".join(ring)}
    env["DATABASE_URL_OWNER"] = on_database(os.environ["DATABASE_URL_OWNER"], name)
    return subprocess.Popen(
        [sys.executable, *(["-c", code] if code else ["manage.py", *arguments])],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def end(*processes: subprocess.Popen[str]) -> list[int]:
    """Their exit codes, in order; what those that failed said is kept for the report of pytest."""
    for process in processes:
        said, _ = process.communicate(timeout=60)
        if process.returncode:
            sys.stderr.write(said)
    return [process.returncode for process in processes]


def _says(text: str, read: Callable[[], str]) -> bool:
    try:
        return read() == text
    except SealBroken:
        return False


def wrong(load: Load) -> list[uuid.UUID]:
    """Notes and clients that do not open, or do not say what was written last."""
    with acting(load.ana):
        notes = {note.pk: note for note in Note.objects.filter(pk__in=load.said)}
        names = {client.pk: client for client in Client.objects.filter(pk__in=load.names)}
        shut = [pk for pk, text in load.said.items() if not _says(text, lambda pk=pk: notes[pk].content["presenting"])]  # type: ignore[misc]  # a default
        return shut + [pk for pk, text in load.names.items() if not _says(text, lambda pk=pk: names[pk].given_name)]  # type: ignore[misc]  # a default


def lines(name: str) -> dict[str, int]:
    with as_owner(name) as cursor:
        cursor.execute("SELECT part, count(*) FROM audit_event WHERE what = 'vault.datakey' GROUP BY part ORDER BY part")
        return dict(cursor.fetchall())
