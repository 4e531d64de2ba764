"""T11: the power is cut under people who save. The database's disk is left with what it had got at that moment, and starts from it.

PostgreSQL is stopped in the middle of its work, the image of its disk is copied without asking the kernel for what it still holds, the
server is killed, and the copy is mounted in the place of the disk: ext4 goes through its journal, PostgreSQL through its log. CUTS
(default 6) times. Clients' files are sealed in the database, so there is no second volume to disagree with it. The control is a server that
does not wait for its disk (fsync=off): what it acknowledged must be missed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import connections

from tests.committed import furnish

from .faults import checker
from .faults.disks import Block, block, moved
from .faults.stand import Stand, moved_in, stand, until
from .faults.web import web
from .faults.work import count, savers, some, working
from .figures import figure

CUTS = int(os.environ.get("CUTS", "6"))
BETWEEN = int(os.environ.get("BETWEEN", "12"))  # acknowledged saves between two cuts
SIZE = 3 << 30


@contextmanager
def _on_a_disk(stands: Stand, image: Path, again: bool = True) -> Iterator[Block]:
    """All of PostgreSQL's files on a disk of their own, which has got them when this begins. It is started ``again`` afterwards."""
    path, place = stands.house.database, stands.house.data / "disk"
    stands.postgres.stop()
    with block(place, image, SIZE) as disk:
        shutil.rmtree(place / "lost+found")
        with moved(path, place):
            os.sync()
            stands.start_postgres()
            try:
                yield disk
            finally:
                stands.postgres.stop()
        connections.close_all()
    if again:
        stands.start_postgres()


def _cut(stands: Stand, disk: Block) -> None:
    """The power is gone, and comes back."""
    stands.postgres.send(signal.SIGSTOP)  # nobody is told "saved" from here on
    had = disk.had()
    stands.postgres.kill()
    disk.unmount()
    had.replace(disk.image)
    disk.mount()


def _starts(stands: Stand) -> bool:
    """Whether PostgreSQL comes up from what is there."""
    with suppress(AssertionError):
        stands.start_postgres(tries=30)
        return True
    return False


def test_t11_what_was_acknowledged_stays_when_the_power_is_cut(stands: Stand, django_db_blocker: Any, tmp_path: Path) -> None:
    recovered = []
    with _on_a_disk(stands, stands.house.data / "disk.image") as disk, moved_in(stands, django_db_blocker) as name:
        house = furnish()
        os.sync()
        with web(name, tmp_path) as server:
            people = savers(house, server.site)
            with working(people):
                for _ in range(CUTS):
                    some(people, BETWEEN)
                    _cut(stands, disk)
                    began = time.monotonic()
                    assert _starts(stands), stands.postgres.log.read_text()[-2000:]
                    until(lambda: people[0].person.ask("GET", "/")[0] == 200)
                    recovered.append(time.monotonic() - began)
                some(people, BETWEEN)
        gone, torn = checker.lost(house, people), checker.torn(house, people)
        findings = checker.trail(tmp_path)
    sys.stdout.write(
        f"\nT11: {count(people, 'ok')} saves acknowledged over {CUTS} cuts of power, {len(gone)} lost, {len(torn)} half-saved, "
        f"{findings} findings on the trail, every start from what the disk had; well again after {max(recovered):.1f} s at most\n"
    )
    figure("T11 saves lost when the power is cut", len(gone), f"{count(people, 'ok'):,} acknowledged, {CUTS} cuts")
    assert (gone, torn, findings) == ([], [], 0)


def test_t11_control_a_server_that_does_not_wait_for_its_disk_loses(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> None:
    """It may have lost so much that it never starts again: it has servers of its own."""
    with (
        stand() as stands,
        _on_a_disk(stands, stands.house.data / "disk.image", again=False) as disk,
        moved_in(stands, django_db_blocker) as name,
    ):
        house = furnish()
        stands.postgres.stop()
        os.sync()
        stands.start_postgres(fsync="off", full_page_writes="off")
        connections.close_all()
        with web(name, tmp_path) as server:
            people = savers(house, server.site)
            with working(people):
                some(people, BETWEEN)
                _cut(stands, disk)
                for each in people:
                    each.over.set()
                starts = _starts(stands)
            gone = checker.lost(house, people) if starts else ["all of it"]
    sys.stdout.write(f"\nT11 control, fsync=off: {len(gone)} of {count(people, 'ok')} acknowledged lost (starts: {starts})\n")
    figure("T11 saves lost when the power is cut", control=f"fsync=off: {len(gone)} of {count(people, 'ok'):,} lost")
    assert gone


def test_t11_the_copy_of_a_disk_lacks_what_the_kernel_holds(tmp_path: Path) -> None:
    """The cut is one: a file that nobody brought to the disk is not in what the disk had, one that was brought is."""
    with block(tmp_path / "place", tmp_path / "image", 64 << 20) as disk:
        (disk.place / "brought").write_text("lantern")
        os.sync()
        (disk.place / "held").write_text("lantern")
        had = disk.had()
        disk.unmount()
        had.replace(disk.image)
        disk.mount()
        assert sorted(path.name for path in disk.place.iterdir()) == ["brought", "lost+found"]
