"""T12: a disk is full, has no room for one more file, or fails to write. What was acknowledged stays, and people are told in plain words.

One volume at a time. Files of clients are sealed in the database, so there is no volume of media; on other disks are mail and letters to be
carried out, the copies of the seals, logs and temporary files.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import connections

from tests.committed import House, furnish

from .faults import checker
from .faults.disks import Disk, disk, moved
from .faults.stand import Stand, moved_in, until
from .faults.web import Web, web
from .faults.work import Saver, count, savers, some, working
from .figures import figure
from .stolen.people import Person

LENGTH = float(os.environ.get("LENGTH", "10"))
MB, PAGE = 1 << 20, 1 << 12
EARLY = "tests.proofs.faults.early:application"


@contextmanager
def kept_up(stands: Stand) -> Iterator[list[int]]:
    """Somebody looks after PostgreSQL and starts it again whenever it went down; how often."""
    over, starts = threading.Event(), [0]

    def look() -> None:
        while not over.wait(0.5):
            if stands.postgres.process and stands.postgres.process.poll() is not None:
                starts[0] += 1
                stands.postgres.start()

    keeper = threading.Thread(target=look)
    keeper.start()
    try:
        yield starts
    finally:
        over.set()
        keeper.join()


def _size(path: Path) -> int:
    """Bytes of what lies below ``path``."""
    return sum(-(-each.stat().st_size // PAGE) * PAGE for each in path.rglob("*"))


@contextmanager
def _on(stands: Stand, part: str, place: Path, room: int, files: int = 0) -> Iterator[Disk]:
    """``part`` of PostgreSQL's files on a disk with little ``room`` beside them: the server is stopped, moved, and started."""
    path = stands.house.database if part == "." else stands.house.database / part
    stands.postgres.stop()
    with disk(place, room + _size(path), files) as small:
        with moved(path, place):
            stands.start_postgres()
            try:
                yield small
            finally:
                small.free()
                stands.postgres.send(signal.SIGCONT)
                stands.postgres.stop()
        connections.close_all()
    stands.start_postgres()


def _worked(server: Web, people: list[Saver], spoil: Callable[[], Any], heal: Callable[[], Any]) -> int:
    """Everybody works on while it is spoilt, and afterwards; how many saves were taken meanwhile."""
    with working(people):
        some(people, 3)
        spoil()
        before = count(people, "ok")
        time.sleep(LENGTH)
        meanwhile = count(people, "ok") - before
        heal()
        until(lambda: people[0].person.ask("GET", "/")[0] == 200)
        some(people, 3)
    return meanwhile


def _judged(label: str, house: House, people: list[Saver], place: Path, meanwhile: int, starts: int) -> None:
    gone, torn = checker.lost(house, people), checker.torn(house, people)
    sys.stdout.write(
        f"\nT12 {label}: {count(people, 'ok')} saves acknowledged, {meanwhile} of them meanwhile, {len(gone)} lost, {len(torn)} "
        f"half-saved, {checker.traces(people)} pages with the inside of the program, other answers {checker.statuses(people)}; "
        f"PostgreSQL started again {starts} times; well again within a minute\n"
    )
    told = [page for each in people for status, page in each.pages if status >= 500]
    figure(f"T12 saves lost, disk: {label}", len(gone), f"{count(people, 'ok'):,} acknowledged")
    assert all("Back in a moment" in page or "Something broke on our side" in page for page in told)
    assert (gone, torn, checker.traces(people), checker.trail(place)) == ([], [], 0, 0)


def _exhausted(stands: Stand, fill: Callable[[], None]) -> None:
    """No room, and what the server had put by of its log used up: it wants a new part now."""
    fill()
    for _ in range(8):
        time.sleep(0.3)  # somebody saves between two
        with suppress(psycopg2.Error):
            stands.says("SELECT pg_switch_wal()")


PLACES = {
    "data": (".", 160 * MB, 0, "fill"),
    "the write-ahead log": ("pg_wal", 80 * MB, 0, "fill"),
    "names for files": (".", 160 * MB, 12_000, "crowd"),
}


@pytest.mark.parametrize("label", PLACES)
def test_t12_a_full_disk_of_the_database_loses_nothing_and_heals(stands: Stand, django_db_blocker: Any, tmp_path: Path, label: str) -> None:
    part, room, files, act = PLACES[label]
    with _on(stands, part, stands.house.data / "small", room, files) as small, moved_in(stands, django_db_blocker) as name:
        house = furnish()
        with web(name, tmp_path) as server, kept_up(stands) as starts:
            people = savers(house, server.site)
            meanwhile = _worked(server, people, lambda: _exhausted(stands, getattr(small, act)), small.free)
        _judged(f"no room, {label}", house, people, tmp_path, meanwhile, starts[0])
        assert starts[0] or checker.statuses(people), "nobody noticed anything: there was room"


def test_t12_control_a_web_that_acknowledges_first_loses_on_a_full_disk(stands: Stand, django_db_blocker: Any, tmp_path: Path) -> None:
    part, room, files, _ = PLACES["the write-ahead log"]
    with _on(stands, part, stands.house.data / "small", room, files) as small, moved_in(stands, django_db_blocker) as name:
        house = furnish()
        with web(name, tmp_path, application=EARLY) as server, kept_up(stands):
            people = savers(house, server.site)
            with working(people):
                some(people, 3)
                _exhausted(stands, small.fill)
                time.sleep(LENGTH)
                small.free()
            until(lambda: people[0].person.ask("GET", "/")[0] == 200)
        gone = checker.lost(house, people)
    sys.stdout.write(f"\nT12 control, acknowledged before it is saved: {len(gone)} of {count(people, 'ok')} lost\n")
    figure("T12 saves lost, disk: no room, the write-ahead log", control=f"acknowledged first: {len(gone)} of {count(people, 'ok'):,} lost")
    assert gone


@pytest.mark.parametrize("call", ["fsync", "fdatasync", "pwrite64"])
def test_t12_a_disk_that_fails_to_write_loses_nothing(stands: Stand, own_house: tuple[str, House], tmp_path: Path, call: str) -> None:
    strace = shutil.which("strace")
    assert strace, "strace is what makes the kernel answer EIO. On Debian: apt-get install strace"
    name, house = own_house
    tracers: list[subprocess.Popen[bytes]] = []

    def spoil() -> None:
        attached = [word for pid in stands.postgres.pids for word in ("-p", str(pid))]
        inject = f"inject={call}:error=EIO:when=1+5"
        tracers.append(subprocess.Popen([strace, "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject, *attached]))
        time.sleep(1)
        with suppress(psycopg2.Error):  # files are brought to the disk now and then; now
            stands.says("CHECKPOINT")

    def heal() -> None:
        for tracer in tracers:
            tracer.terminate()
            tracer.wait(30)

    with web(name, tmp_path) as server, kept_up(stands) as starts:
        people = savers(house, server.site)
        meanwhile = _worked(server, people, spoil, heal)
    until(lambda: stands.postgres.process is not None and stands.postgres.process.poll() is None)
    _judged(f"EIO on {call}", house, people, tmp_path, meanwhile, starts[0])
    assert starts[0] or checker.statuses(people), "nobody noticed anything: nothing failed"


OTHERS = ["logs", "temporary files", "mail and copies of the seals"]


@pytest.mark.parametrize("label", OTHERS)
def test_t12_with_another_disk_full_people_sign_in_read_and_save(own_house: tuple[str, House], tmp_path: Path, label: str) -> None:
    name, house = own_house
    place = tmp_path / "small"
    with disk(place, 8 * MB) as small:
        told = {"temporary files": {"TMPDIR": str(place)}, "mail and copies of the seals": {
            "MAIL_DIR": str(place / "mail"), "OUTBOX_DIR": str(place / "outbox"), "TRAIL_ANCHOR": str(place / "trail.jsonl"),
        }}.get(label, {})  # fmt: skip
        with web(name, place if label == "logs" else tmp_path, **told) as server:
            people = savers(house, server.site)
            meanwhile = _worked(server, people, small.fill, lambda: Person(server.site, "sofia").sign_in())
            assert Person(server.site, "ben").ask("GET", "/accounts/login/")[0] == 200
            status, _ = people[0].person.ask("GET", f"/notes/{house.signed.pk}/note.pdf")
            assert small.room == 0
            small.free()
        sys.stdout.write(f"\nT12 full, {label}: sign-in and reading go on, a PDF answers {status}\n")
        assert status == 200
        assert meanwhile
        _judged(f"full, {label}", house, people, tmp_path, meanwhile, 0)
