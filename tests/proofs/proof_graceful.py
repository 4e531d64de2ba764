"""T09, T13, T14: Redis is away, the worker is away and comes back. What was acknowledged stays, and nothing goes out twice."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connections

from audit import doors
from practice.actions import outbox
from practice.models import Notice
from records.models import Note
from tests.cast import acting, write_note
from tests.committed import House
from tests.conftest import ROOT
from tests.journeys.conftest import _environment, _free_port, _wait_for

from .proof_stolen import running
from .stolen.forms import forms_of
from .stolen.people import Person

SAVERS, CALM, NOTICES = 6, 10, 60
GUESSES = 8  # wrong passwords at one account from here; practice.limits.PAIR lets five


@dataclass
class Web:
    """granian as `make run` starts it, which whoever looks after it starts again."""

    environ: dict[str, str]
    site: str
    log: Any
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        port = self.site.rpartition(":")[2]
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--respawn-failed-workers"]
        command += ["--respawn-interval", "0.5", "--no-ws", "--host", "127.0.0.1", "--port", port, "config.wsgi:application"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=self.log, stderr=self.log)
        _wait_for(self.site, self.process, self.log)

    def workers(self) -> list[int]:
        assert self.process is not None
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in found if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def end(self, number: int = signal.SIGTERM) -> None:
        """The master; workers that outlive a killed one are ended as `ops part` does before it starts another."""
        assert self.process is not None
        left = self.workers()
        self.process.send_signal(number)
        self.process.wait(30)
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue


@contextmanager
def web(name: str, place: Path, **more: str) -> Iterator[Web]:
    port = _free_port()
    with (place / f"web-{port}.log").open("w+b") as log:
        found = Web(_environment(name, port) | {"MAIL_DIR": str(place / "mail")} | more, f"http://127.0.0.1:{port}", log)
        found.start()
        try:
            yield found
        finally:
            found.end()


@dataclass
class Saver:
    """Somebody who saves a draft again and again: what was sent, and whether it was acknowledged."""

    person: Person
    note: Note
    sent: list[tuple[str, bool]] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    errors: int = 0

    def save(self) -> None:
        """The page, other words, and the save. Acknowledged is what the page answers with a redirect."""
        path, text = f"/notes/{self.note.pk}/edit/", f"Lantern {uuid.uuid4()}"
        tried = False
        try:
            _, page = self.person.open(path)
            form = next(form for form in forms_of(page) if any(each.name == "presenting" for each in form.fields))
            given = {each.name: [each.value] for each in form.fields} | {"presenting": [text]}
            began, tried = time.monotonic(), True
            status, _ = self.person.post(path, given)
            self.took.append(time.monotonic() - began)
            self.sent.append((text, status == 302))
        except (OSError, http.client.HTTPException, StopIteration):
            self.errors += 1
            if tried:
                self.sent.append((text, False))
            time.sleep(0.2)

    @property
    def possible(self) -> set[str]:
        """What the note may say now: the last acknowledged text, or one sent after it of which nobody knows."""
        last = max((at for at, (_, ok) in enumerate(self.sent) if ok), default=0)
        return {text for text, _ in self.sent[last:]}


@contextmanager
def saving(house: House, site: str) -> Iterator[list[Saver]]:
    """All of them, while inside, each at a draft and in a session of its own."""
    savers = [Saver(Person(site, "ana"), write_note(house.ana, house.cleo, text="begins")) for _ in range(SAVERS)]
    for saver in savers:
        saver.person.sign_in()
    over = threading.Event()

    def go(saver: Saver) -> None:
        while not over.is_set():
            saver.save()
        connections.close_all()

    threads = [threading.Thread(target=go, args=(saver,)) for saver in savers]
    for thread in threads:
        thread.start()
    try:
        yield savers
    finally:
        over.set()
        for thread in threads:
            thread.join()


def lost(house: House, savers: list[Saver]) -> int:
    with acting(house.ana):
        return sum(str(Note.objects.get(pk=each.note.pk).content["presenting"]) not in each.possible for each in savers)


def acknowledged(savers: list[Saver]) -> int:
    return sum(ok for each in savers for _, ok in each.sent)


def middle(savers: list[Saver]) -> float:
    return median(took for each in savers for took in each.took) * 1000


def calm(house: House, name: str, place: Path, **more: str) -> tuple[list[Saver], str]:
    """Saves for some seconds, and whether sign-in works and its limits hold: what Ben's right password comes to after wrong ones."""
    with web(name, place, **more) as server:
        with saving(house, server.site) as savers:
            time.sleep(CALM)
        Person(server.site, "sofia").sign_in()
        ben = Person(server.site, "ben")
        for number in range(GUESSES):
            _, page = ben.ask("GET", "/accounts/login/")
            given = {each.name: [each.value] for each in forms_of(page)[0].fields}
            ben.post("/accounts/login/", given | {"login": ["ben@sub.test"], "password": [f"a wrong lantern {number}"]})
        try:
            ben.sign_in()
        except AssertionError:
            return savers, "held"
        return savers, "gone"


def test_t13_saves_sign_in_and_limits_go_on_without_redis(house: House, own_db: str, tmp_path: Path) -> None:
    there, _ = calm(house, own_db, tmp_path)
    away, limits = calm(house, own_db, tmp_path, REDIS_URL="unix:///nowhere/redis.sock?db=0")
    failed = sum(not ok for each in away for _, ok in each.sent) + sum(each.errors for each in away)
    sys.stdout.write(
        f"\nT13 (T09) without Redis: {acknowledged(away):,} saves acknowledged, {failed} failed, {lost(house, away)} lost, in "
        f"{middle(away):.0f} ms in the middle (with Redis {middle(there):.0f} ms, {acknowledged(there):,} saves); sign-in works; "
        f"limits after {GUESSES} wrong passwords: {limits}\n"
    )
    assert (failed, lost(house, away), limits) == (0, 0, "held")


def test_t14_notices_of_a_time_without_a_worker_go_out_late_but_once(house: House, own_db: str, tmp_path: Path) -> None:
    for number in range(NOTICES):
        with doors.system("test"):
            outbox.queue("account", f"n{number}@sub.test", "A link", "Words")
    before = Notice.objects.filter(kind="account").count()
    began = time.monotonic()
    with running(own_db, tmp_path):
        while Notice.objects.filter(kind="account").exclude(state=Notice.State.SENT).exists() and time.monotonic() < began + 90:
            time.sleep(0.2)
        took = time.monotonic() - began
    told = "".join(path.read_text() for path in (tmp_path / "mail").iterdir())
    counts = [told.count(f"To: n{number}@sub.test\n") for number in range(NOTICES)]
    sys.stdout.write(
        f"\nT14 {before} notices written while no worker ran: {counts.count(0)} never sent, {sum(each > 1 for each in counts)} sent twice, "
        f"the last {took:.1f} s after worker and beat began to start\n"
    )
    assert counts == [1] * NOTICES
