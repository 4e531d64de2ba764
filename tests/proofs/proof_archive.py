"""T18, continuous archiving: a base backup under load, every WAL file put aside, and the practice put back to a random second.

On our own server, as docs/operations.md writes it. What was acknowledged before that second is there, nothing later is.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg2
import pyrage
import pytest
from django.conf import settings
from django.core.management import call_command

from audit import keeping
from ops.engine import postgres_program
from ops.house import open_house
from ops.secrets import read_secret
from records.models import Note
from tests.cast import acting
from tests.committed import House, furnish

from .hosts import REPLICA, Machine, Postgres, address, answers, connected, fill, machines, place, redis, told, until, urls
from .load import SEED
from .stolen.loot import Search
from .stolen.words import Planted
from .visitors import Crowd, Saving, crowd

SAVERS, SECONDS = int(os.environ.get("ARCHIVE_SAVERS", "6")), int(os.environ.get("ARCHIVE_SECONDS", "20"))
NAME = "House of the paper heron"  # the practice's: open by design, so it is the control of the search


@dataclass
class Fire:
    """What was there when the machine burned."""

    house: House
    at: Path
    people: Crowd
    copy: Path  # the base backup
    archive: Path
    received: Path  # streamed away as it was written
    burned: float
    moment: float  # a random second of the load, by the clock
    secrets: Path
    environ: dict[str, str]


def _clock(monotonic: float) -> float:
    return time.time() - time.monotonic() + monotonic


def _archiving(at: Path, key: pyrage.x25519.Identity) -> dict[str, str]:
    """As docs/operations.md writes it, by age where the machine has it, else without."""
    seal = f"age -r {key.to_public()} -o {at}/.%f.part %p" if shutil.which("age") else f"cp %p {at}/.%f.part"
    return {
        "archive_mode": "on",
        "archive_timeout": "5s",  # a minute in docs/operations.md: the most that is lost with the machine
        "archive_command": f"test ! -f {at}/%f.age && {seal} && sync {at}/.%f.part && mv {at}/.%f.part {at}/%f.age",
    }


def _folder(server: Postgres | Any, path: Path) -> Path:
    path.mkdir()
    server.keeper.own(path, 0o700)
    return path


@pytest.fixture(scope="module")
def fire(django_db_setup: None, django_db_blocker: Any) -> Iterator[Fire]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with place() as at, django_db_blocker.unblock(), redis(at / "redis", address(13)) as broker:
        var = open_house(at / "primary")
        archive, received, key = _folder(var, at / "archive"), _folder(var, at / "received"), pyrage.x25519.Identity.generate()
        var.keeper.write(at / "stick", f"{key}\n")
        primary = Postgres.new(at / "primary", address(11), **_archiving(archive, key))
        environ = told(urls(primary), broker)
        fill(primary, at)
        with connected(urls(primary)), machines(at, environ, [1]) as (web,):
            yield _burned(at, primary, web, furnish(), archive, received, environ)
        primary.stop(signal.SIGQUIT)


def _burned(at: Path, primary: Postgres, web: Machine, house: House, archive: Path, received: Path, environ: dict[str, str]) -> Fire:
    web.start("web")
    until(lambda: answers(web))
    primary.say("SELECT 1")
    with psycopg2.connect(urls(primary)["DATABASE_URL_OWNER"]) as link, link.cursor() as owner:
        owner.execute("UPDATE practice_practice SET name = %s", [NAME])
    receiver = _receiving(primary, received)
    _seal(environ, at)
    people, chance = crowd(house, [web.site], SAVERS, inviting=False), random.Random(SEED)
    with people.going():
        time.sleep(2)
        base = Postgres(open_house(at / "base"), address(11))
        primary.copy(base, "--wal-method=none", "--manifest-checksums=SHA256")
        since = time.monotonic()
        time.sleep(SECONDS)
        moment = since + chance.random() * SECONDS * 0.7
        _seal(environ, at)
        until(lambda: _is_archived(primary, _clock(moment)), why="the WAL of that moment is not archived")
        time.sleep(2)
        burned = time.monotonic()
        primary.stop(signal.SIGKILL)
    receiver.wait(30)
    kept = Path(shutil.copytree(primary.var.secrets, at / "safe"))
    shutil.rmtree(primary.var.database)
    return Fire(house, at, people, base.var.database, archive, received, burned, moment, kept, environ)


def _seal(environ: dict[str, str], at: Path) -> None:
    """A round of the worker, as it runs each half minute."""
    settings.TRAIL_ANCHOR = at / "anchors.jsonl"
    with connected({name: environ[name] for name in ("DATABASE_URL_WORKER",)}, "DATABASE_URL_WORKER"):
        keeping.seal_and_anchor()


def _receiving(primary: Postgres, to: Path) -> subprocess.Popen[bytes]:
    """WAL as it is written, on its way to another machine."""
    word = {"PATH": os.defpath, "PGPASSWORD": read_secret(primary.var.secrets, "postgres-superuser")}
    command = [
        postgres_program(primary.var, "pg_receivewal"),
        "-h",
        primary.host,
        "-U",
        REPLICA,
        "-D",
        str(to),
        "--no-loop",
        "--synchronous",
    ]
    return subprocess.Popen(command, cwd="/", env=word, stderr=subprocess.DEVNULL, **primary.var.keeper.spawn())


def _is_archived(primary: Postgres, moment: float) -> bool:
    """Whether the file that holds this moment was put aside: the next one after a switch."""
    ((at, last),) = primary.say("SELECT extract(epoch FROM last_archived_time), last_archived_wal FROM pg_stat_archiver")
    return bool(last and at and float(at) > moment + 6)


def _put_back(fire: Fire, name: str, number: int, wal: Path, **target: str) -> Postgres:
    """The base backup and the WAL on another machine, rolled forward."""
    server = Postgres(open_house(fire.at / name), address(number))
    shutil.copytree(fire.secrets, server.var.secrets, dirs_exist_ok=True)
    shutil.copytree(fire.copy, server.var.database)
    for path in (server.var.database, *server.var.database.rglob("*")):
        os.chown(path, server.var.keeper.uid, server.var.keeper.gid)
    server.var.database.chmod(0o700)
    server.var.keeper.write(server.var.database / "recovery.signal", "")
    fetch = f"age -d -i {fire.at}/stick {wal}/%f.age > %p" if shutil.which("age") else f"cp {wal}/%f.age %p"
    plain = f"cp {wal}/%f %p"  # as pg_receivewal leaves them
    server.settings = {"restore_command": plain if wal == fire.received else fetch, "recovery_target_action": "promote", **target}
    return server


def _goes_on(server: Postgres) -> bool:
    server.start(wait=False)
    try:
        until(lambda: _wrote(server), 120)
    except AssertionError:
        return False
    return True


def _wrote(server: Postgres) -> bool:
    assert server.process
    assert server.process.poll() is None, "the server ended"
    try:
        return not server.say("SELECT pg_is_in_recovery()")[0][0]
    except psycopg2.OperationalError:
        return False


def _fitting(one: Saving, moment: float) -> set[str]:
    """What the draft may say at that moment: the last text acknowledged before it, or one that was on its way."""
    ended = [(what, began, began + took) for (what, ok), (began, took) in zip(one.sent, one.took, strict=False) if ok]
    done = [what for what, _, end in ended if end <= moment]
    return {what for what, began, end in ended if began <= moment < end} | {done[-1] if done else "begins"}


def _differing(fire: Fire, moment: float) -> int:
    with acting(fire.house.ana):
        said = {one: Note.objects.get(pk=one.note.pk).content["presenting"] for one in _savers(fire)}  # type: ignore[union-attr]  # each has one
    return sum(text not in _fitting(one, moment) for one, text in said.items())


def _savers(fire: Fire) -> list[Saving]:
    found = [one for one in fire.people.acts if isinstance(one, Saving)]
    for one in found:
        type(one).__hash__ = object.__hash__  # type: ignore[method-assign]  # as keys of a dict, each itself
    return found


def test_back_to_a_random_second(fire: Fire) -> None:
    when = datetime.fromtimestamp(_clock(fire.moment), UTC)
    server, began = _put_back(fire, "second", 21, fire.archive, recovery_target_time=f"{when:%Y-%m-%d %H:%M:%S.%f+00}"), time.monotonic()
    try:
        assert _goes_on(server), server.log()[-2000:]
        took = time.monotonic() - began
        with connected(urls(server)):
            wrong, control = _differing(fire, fire.moment), _differing(fire, fire.burned)
            with as_worker_of(server):
                older = keeping.verify()
                call_command("declare_trail", "restored", "The machine burned.", stdout=StringIO())
                found = keeping.verify()
        later = sum(begin > fire.moment for one in _savers(fire) for begin, _ in one.took)
    finally:
        server.stop(signal.SIGQUIT)
    sys.stdout.write(
        f"\nT18 archive: {fire.people.sum():,} saves of {SAVERS} people, {len(fire.people.troubles())} troubles (the fire among them); "
        f"base backup under load; back to {when:%H:%M:%S.%f} of a load of {SECONDS} s, {later} saves before the fire: {wrong} of {SAVERS} "
        f"drafts differ (control, compared with the end: {control}), in {took:.1f} s; trail {found.lines:,} lines: "
        f"{len(older.findings)} finding that says it is an older copy, {len(found.findings)} once that was declared (seed {SEED})\n"
    )
    assert (wrong, control > 0) == (0, True)
    assert (len(older.findings), found.findings) == (1, [])


def as_worker_of(server: Postgres) -> Any:
    return connected(urls(server), "DATABASE_URL_WORKER")


def test_what_is_lost_with_the_machine(fire: Fire) -> None:
    """By the archive alone, and by the WAL that was streamed away as it was written."""
    lost = {}
    for name, number, wal in (("archive", 22, fire.archive), ("stream", 23, fire.received)):
        for partial in wal.glob("*.partial"):
            partial.rename(partial.with_suffix(""))
        server = _put_back(fire, f"end-{name}", number, wal)
        try:
            assert _goes_on(server), server.log()[-2000:]
            with connected(urls(server)), acting(fire.house.ana):
                lost[name] = max(_lost_seconds(fire, one) for one in _savers(fire))
        finally:
            server.stop(signal.SIGQUIT)
    sys.stdout.write(
        f"\nT18 RPO: acknowledged and lost with the machine: the last {lost['archive']:.1f} s by the archive alone (archive_timeout 5 s "
        f"here, so at most that and one file's way), the last {lost['stream']:.1f} s with pg_receivewal beside it\n"
    )
    assert lost["archive"] < 60
    assert lost["stream"] <= lost["archive"]


def _lost_seconds(fire: Fire, one: Saving) -> float:
    """How long before the fire the first acknowledged save was that is not there."""
    assert one.note
    said = Note.objects.get(pk=one.note.pk).content["presenting"]
    ended = [(what, began + took) for (what, ok), (began, took) in zip(one.sent, one.took, strict=False) if ok]
    texts = [what for what, _ in ended]
    first = texts.index(said) + 1 if said in texts else 0
    return fire.burned - ended[first][1] if first < len(ended) else 0.0


def _wrong_files(copy: Path) -> int:
    """How many files of the base backup are not as its manifest says. (pg_verifybackup of the wheel ends with a segmentation fault.)"""
    told = json.loads((copy / "backup_manifest").read_text())["Files"]
    return sum(hashlib.sha256((copy / each["Path"]).read_bytes()).hexdigest() != each["Checksum"] for each in told)


def test_damage_is_noticed(fire: Fire) -> None:
    """One bit of the base backup; one WAL file that is not there."""
    before = _wrong_files(fire.copy)
    path = max(fire.copy.joinpath("base").rglob("[0-9]*"), key=lambda each: each.stat().st_size)
    raw = path.read_bytes()
    path.write_bytes(raw[:1000] + bytes([raw[1000] ^ 1]) + raw[1001:])
    flipped = _wrong_files(fire.copy)
    path.write_bytes(raw)
    short = fire.at / "short"
    shutil.copytree(fire.archive, short)
    files = sorted(each for each in short.iterdir() if len(each.stem) == 24)
    for each in (short, *short.iterdir()):
        os.chown(each, open_house(fire.at / "primary").keeper.uid, -1)
    files[-3].unlink()
    server = _put_back(fire, "short-one", 24, short, recovery_target_time=f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S+00}")
    goes_on, said = _goes_on(server), server.log()
    server.stop(signal.SIGQUIT)
    sys.stdout.write(
        f"\nT18 damage: files that are not as the manifest of the base backup says: {before}, with one bit flipped {flipped}; with one of "
        f"{len(files)} WAL files lost the recovery {'went on' if goes_on else 'refuses to end'}\n"
    )
    assert (before, flipped, goes_on, "before configured recovery target" in said) == (0, 1, False, True)


def test_nothing_of_a_client_is_in_the_archive(fire: Fire) -> None:
    """WAL holds what the tables hold: what is sealed stays sealed, what is open by design is there."""
    words = [what for one in _savers(fire) for what, _ in one.sent] + ["Cleopatra", "Marchetti", "503 555 0142"]
    planted = [Planted(text, (text,), "note_edit", "text") for text in words]
    control = Planted(NAME, (NAME,), "practice_profile", "name")
    (work := fire.at / "search").mkdir()
    found = Search([*planted, control], work).through([*fire.archive.iterdir(), *fire.received.iterdir()])
    hidden = {text for text in found if text != NAME}
    sys.stdout.write(
        f"\nT18 archive ({'sealed by age' if shutil.which('age') else 'NOT sealed: no age here'}) and plain WAL searched: {len(hidden)} of "
        f"{len(planted)} strings found; control {NAME!r}: {NAME in found}\n"
    )
    assert (hidden, NAME in found) == (set(), True)
