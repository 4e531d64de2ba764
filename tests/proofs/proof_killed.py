"""T18: backup and restore killed with SIGKILL anywhere and run again, and a restore onto a server that is given by its address."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from upkeep import sets

from .hosts import Postgres, address, place, urls
from .load import SEED
from .proof_backup import Rig, differing, rig, rows

KILLS = int(os.environ.get("KILLS", "6"))  # of each kind
__all__ = ["rig"]


@pytest.fixture
def other() -> Iterator[Postgres]:
    """Another server on another machine, with its roles and an empty database."""
    with place() as at:
        server = Postgres.new(at / "postgres", address(12))
        try:
            yield server
        finally:
            server.stop(signal.SIGQUIT)


def _started(rig: Rig, environ: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "manage.py", *arguments, "--skip-checks"]
    with (rig.place / "said").open("ab") as log:
        return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)


def _environment(rig: Rig, address: str) -> dict[str, str]:
    return {**os.environ, "SUBROSA_AS": "owner", "DATABASE_URL_OWNER": address}


def _killed(process: subprocess.Popen[bytes], after: float, everybody: bool) -> bool:
    """End it after so many seconds, alone or with the programs it runs; whether it was still at work."""
    time.sleep(after)
    alive = process.poll() is None
    if alive:
        os.killpg(process.pid, signal.SIGKILL) if everybody else process.kill()
    process.wait(60)
    return alive


def _killed_at_random(rig: Rig, chance: random.Random, took: float, environ: dict[str, str], *arguments: str) -> int:
    """So many runs, each killed somewhere between the start of its work and its end."""
    alive = 0
    for number in range(KILLS):
        process = _started(rig, environ, *arguments)
        alive += _killed(process, took * (0.35 + 0.6 * chance.random()), everybody=number % 2 == 0)
    return alive


def _whole(rig: Rig) -> tuple[int, int]:
    """How many sets there are, and how many of them are not sound."""
    every = [one for kind in (sets.DATA, sets.KEYS) for one in sets.every(kind)]
    return len(every), sum(not _is_sound(one) for one in every)


def _is_sound(one: Any) -> bool:
    try:
        sets.require_sound(one, signed=True, tell=lambda _: None)
    except sets.CannotRestore:  # type: ignore[attr-defined]  # imported there
        return False
    return True


def _timed(rig: Rig, environ: dict[str, str], *arguments: str) -> float:
    began = time.monotonic()
    process = _started(rig, environ, *arguments)
    assert process.wait(300) == 0, (rig.place / "said").read_text()[-2000:]
    return time.monotonic() - began


def test_a_killed_backup_and_a_killed_restore_are_run_again(rig: Rig, other: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(SEED)
    here = {**_environment(rig, os.environ["DATABASE_URL_OWNER"]), "DATABASE_URL_OWNER": _own(rig)}
    there = _environment(rig, urls(other)["DATABASE_URL_OWNER"]) | {"TRAIL_ANCHOR": str(rig.place / "there" / "trail.jsonl")}
    took = _timed(rig, here, "backup")
    backups = _killed_at_random(rig, chance, took, here, "backup")
    time.sleep(1)
    count, broken = _whole(rig)
    _timed(rig, here, "backup")
    left = [path.name for path in Path(os.environ["BACKUP_DIR"]).rglob(".*")]
    before = rows(rig.name)
    restore = ("restore", "--identity", str(rig.stick))
    took = _timed(rig, there, *restore)
    _emptied(there)
    restores = _killed_at_random(rig, chance, took, there, *restore)
    time.sleep(1)
    examined = subprocess.run(
        [sys.executable, "manage.py", *restore, "--examine", "--skip-checks"],
        cwd=ROOT,
        env=there,
        capture_output=True,
        text=True,
        check=False,
    )
    assert examined.returncode == 0, examined.stderr[-2000:]
    monkeypatch.setenv("DATABASE_URL_OWNER", urls(other)["DATABASE_URL_OWNER"])
    after = rows("subrosa")
    total = sum(each.total() for each in before.values())
    sys.stdout.write(
        f"\nT18 killed: {backups} of {KILLS} backups killed at work, {count} sets after them, {broken} of these broken; one more run "
        f"is whole, {len(left)} pieces of killed ones left\n"
        f"T18 killed: {restores} of {KILLS} restores onto another server, by its address over TCP, killed at work; run once more: "
        f"{differing(before, after)} of {total:,} rows differ; {examined.stdout.strip().splitlines()[-1]}\n"
    )
    assert (broken, left, differing(before, after)) == (0, [], 0)
    assert min(backups, restores) > KILLS / 2


def _own(rig: Rig) -> str:
    from tests.conftest import on_database

    return on_database(os.environ["DATABASE_URL_OWNER"], rig.name)


def _emptied(environ: dict[str, str]) -> None:
    import psycopg2

    link = psycopg2.connect(environ["DATABASE_URL_OWNER"])
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public AUTHORIZATION pg_database_owner")
    link.close()
    Path(environ["TRAIL_ANCHOR"]).unlink(missing_ok=True)
