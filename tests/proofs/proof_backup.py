"""T18 and T39: a backup made while twenty write is put back after everything is gone, compared row by row, and searched like loot."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.db import connection

from audit import keeping
from tests.committed import as_owner, as_role, as_worker
from upkeep import restoring, sealing, sets, taking
from upkeep.refusing import CannotRestore
from vault import keys

from .figures import figure
from .load import SEED, Load, begin, end, manage, wrong
from .stolen.loot import Search, unpacked
from .stolen.words import Planted

FLIPS, STRANGERS, PHRASES, WORK = 60, 200, 3, 6  # WORK: seconds of load before the backup
ITSELF = ("audit_", "upkeep_")  # lines and runs of the backup and the restore themselves
PHRASE = "a lantern over the water"


class History(dict[uuid.UUID, str]):
    """What was written and acknowledged, each with its moment, in the order of each row."""

    def __init__(self, before: dict[uuid.UUID, str]) -> None:
        super().__init__(before)
        self.told: dict[uuid.UUID, list[tuple[float, str]]] = {pk: [(0.0, text)] for pk, text in before.items()}

    def __setitem__(self, pk: uuid.UUID, text: str) -> None:
        super().__setitem__(pk, text)
        self.told.setdefault(pk, []).append((time.monotonic(), text))

    def at(self, since: float) -> dict[uuid.UUID, set[str]]:
        """Of each row acknowledged before ``since``: its text of then, and every later one."""
        found = {}
        for pk, told in self.told.items():
            if old := [text for at, text in told if at < since]:
                found[pk] = {old[-1], *(text for at, text in told if at >= since)}
        return found


@dataclass
class Rig:
    """A practice under load, a place for backups, and the key on its stick."""

    name: str
    load: Load
    stick: Path
    identity: pyrage.x25519.Identity
    place: Path

    def manage(self, *arguments: str) -> subprocess.Popen[str]:
        """A command, as the owner, in a process of its own."""
        return manage(self.name, list(os.environ["MASTER_KEYS"].split(",")), *arguments)

    def restore(self, *more: str) -> tuple[float, dict[str, Any]]:
        """By the written command: how long it took, and what it found."""
        began = time.monotonic()
        process = self.manage("restore", "--skip-checks", "--identity", str(self.stick), "--examine", *more)
        said, _ = process.communicate(timeout=300)
        assert process.returncode == 0, said
        return time.monotonic() - began, json.loads(said.strip().splitlines()[-1])


@pytest.fixture
def rig(own_db: str, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    identity = pyrage.x25519.Identity.generate()
    stick = tmp_path / "stick.key"
    stick.write_text(f"{identity}\n")
    told = {"BACKUP_DIR": tmp_path / "b", "BACKUP_KEYS_DIR": tmp_path / "b" / "keys", "TRAIL_ANCHOR": tmp_path / "a" / "trail.jsonl"}
    for name, value in (told | {"BACKUP_RECIPIENT": identity.to_public()}).items():
        setattr(settings, name, value if isinstance(value, Path) else str(value))
        monkeypatch.setenv(name, str(value))
    load = begin()
    load.said, load.names = History(load.said), History(load.names)
    with as_worker():
        keeping.seal_and_anchor()
    return Rig(own_db, load, stick, identity, tmp_path)


def rows(name: str) -> dict[str, Counter[str]]:
    """Each row of each table as a digest, but for what backup and restore write of themselves."""
    with as_owner(name) as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        tables = [table for (table,) in cursor.fetchall() if not table.startswith(ITSELF)]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT md5(t::text) FROM "{table}" t')
            found[table] = Counter(digest for (digest,) in cursor.fetchall())
    return found


def differing(before: dict[str, Counter[str]], after: dict[str, Counter[str]]) -> int:
    gone = [(before.get(each, Counter()), after.get(each, Counter())) for each in before.keys() | after.keys()]
    return sum(((one - two) + (two - one)).total() for one, two in gone)


def wipe(rig: Rig) -> None:
    """As after a fire: no table, and no copies of the seals."""
    connection.close()
    with as_owner(rig.name) as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public AUTHORIZATION pg_database_owner")
    (rig.place / "a" / "trail.jsonl").unlink()
    keys.forget_practice_keys()


def lost(rig: Rig, since: float) -> int:
    """Of what was acknowledged before ``since``: how much is not there, or says something older."""
    count, then = 0, {**rig.load.said.at(since), **rig.load.names.at(since)}  # type: ignore[attr-defined]  # a History each
    for pk, texts in then.items():
        fitting = []
        for text in texts:
            mine = Load(rig.load.ana, rig.load.notes, {}, {})
            (mine.names if pk in rig.load.names else mine.said)[pk] = text
            fitting.append(_is_there(mine))
        count += not any(fitting)
    return count


def _is_there(one: Load) -> bool:
    try:
        return wrong(one) == []
    except KeyError:
        return False


def flips(rig: Rig, chance: random.Random) -> tuple[int, int]:
    """One bit of one byte, anywhere in the set: how often the restore refused it, and how often the seal alone did."""
    pieces = [path for one in (sets.every(sets.DATA)[0], sets.every(sets.KEYS)[0]) for path in one.path.glob("*.age")]
    refused = sealed = 0
    for _ in range(FLIPS):
        path = chance.choice(pieces)
        raw, at = path.read_bytes(), chance.randrange(path.stat().st_size)
        path.write_bytes(raw[:at] + bytes([raw[at] ^ (1 << chance.randrange(8))]) + raw[at + 1 :])
        try:
            refused += _refuses(lambda: restoring.planned("", "", rig.identity, signed=True))
            sealed += _refuses(lambda path=path: sealing.opened(path, BytesIO(), rig.identity))  # type: ignore[misc]  # a default
        finally:
            path.write_bytes(raw)
    restoring.planned("", "", rig.identity, signed=True)  # the control: unflipped it passes
    return refused, sealed


def _refuses(act: Any) -> bool:
    try:
        act()
    except CannotRestore:
        return True
    return False


def test_t18_a_backup_under_load_is_put_back_after_everything_is_gone(rig: Rig) -> None:
    load, chance = rig.load, random.Random(SEED)
    with load.going():
        time.sleep(WORK)
        since = time.monotonic()
        codes = end(rig.manage("backup", "--skip-checks"))
        took = time.monotonic() - since
        time.sleep(2)
    assert (codes, load.failed) == ([0], [])
    later = sum(at > since + took for told in load.said.told.values() for at, _ in told)  # type: ignore[attr-defined]  # a History
    wipe(rig)
    rto, found = rig.restore()
    gone, missing = lost(rig, since), lost(rig, time.monotonic())
    assert end(rig.manage("backup", "--skip-checks")) == [0]
    before = rows(rig.name)
    wipe(rig)
    again, _ = rig.restore()
    after = rows(rig.name)
    with as_owner(rig.name) as cursor:
        cursor.execute("UPDATE practice_practice SET reply_time = 'never'")
    control, total = differing(before, rows(rig.name)), sum(each.total() for each in before.values())
    refused, sealed = flips(rig, chance)
    kept = len(load.said.at(since)) + len(load.names.at(since))  # type: ignore[attr-defined]  # a History each
    report = [
        f"backup under load in {took:.1f} s: {len(load.writes):,} writes and {len(load.reads):,} reads, {len(load.failed)} failed, "
        f"seed {SEED}",
        f"RTO {rto:.1f} s for {found['rows']:,} rows ({again:.1f} s again); RPO: its moment, at most 24 h by the nightly run; "
        f"acknowledged before it and lost: {gone} of {kept} (control, counting what came after it: {missing} lost, {later} later writes)",
        f"rows differing after a restore: {differing(before, after)} of {total:,} (control, one row changed: {control})",
        f"trail: {found['findings']} findings in {found['lines']:,} lines; sampled values open: {found['opened']:,} of {found['values']:,}",
        f"one bit flipped, {FLIPS} times: {refused} refused by the restore, {sealed} by the seal alone; unflipped: accepted",
    ]
    sys.stdout.write("".join(f"\nT18 {line}" for line in report) + "\n")
    figure("T18 rows differing after a restore", differing(before, after), f"{total:,} rows", f"one row changed: {control}")
    figure("T18 RTO, RPO", f"{rto:.1f} s, its moment", f"{found['rows']:,} rows", f"counting what came later: {missing} lost")
    figure("T18 flipped bits accepted", FLIPS - refused, f"{FLIPS} flips", "unflipped: accepted")
    assert (gone, differing(before, after), found["findings"], found["shut"]) == (0, 0, 0, 0)
    assert (refused, sealed) == (FLIPS, FLIPS)
    assert missing > 0 < control


def words(rig: Rig) -> list[Planted]:
    told = [*rig.load.said.values(), "Cleopatra", "Marchetti"]
    return [Planted(text, (text,), "note_edit", "text") for text in dict.fromkeys(told)]


def wrapped(name: str) -> list[Planted]:
    """Every data key as it lies wrapped in the database, as pg_dump writes bytes."""
    with as_owner(name) as cursor:
        cursor.execute("SELECT encode(wrapped, 'hex') FROM vault_datakey")
        return [Planted(found, (found,), "vault_datakey", "wrapped") for (found,) in cursor.fetchall()]


def opened(one: sets.BackupSet, piece: str, rig: Rig) -> Path:
    """A piece opened with the key and unpacked to SQL, for the controls."""
    plain = rig.place / f"{piece}.dump"
    with plain.open("wb") as file:
        sealing.opened(one.file(piece), file, rig.identity)
    return unpacked(plain.with_suffix(".sql"), plain)


def passphrases() -> int:
    raw, public = sealing.new_identity(PHRASE)
    assert str(sealing.identity_of(raw, lambda: PHRASE).to_public()) == public
    return sum(_refuses(lambda n=n: sealing.identity_of(raw, lambda: f"{PHRASE}{n}")) for n in range(PHRASES))  # type: ignore[misc]  # a default


def test_t39_a_stolen_backup_tells_nothing_and_its_key_is_not_here(rig: Rig) -> None:
    with as_role("DATABASE_URL_OWNER"):
        taking.take()
    data, ring = sets.every(sets.DATA)[0], sets.every(sets.KEYS)[0]
    everything = [path for path in (rig.place / "b").rglob("*") if path.is_file()]
    planted, owned = words(rig), wrapped(rig.name)
    control = Planted("practice_practice", ("practice_practice",), "schema", "table")
    search = Search([*planted, *owned, control], rig.place)
    stolen = search.through(everything)
    dump, keyring = search.through([opened(data, taking.DUMP, rig)]), search.through([opened(ring, taking.WRAPPED, rig)])
    in_dump, in_ring = sum(each.text in dump for each in owned), sum(each.text in keyring for each in owned)
    plan = sets.every(sets.DATA)[0].file(taking.DUMP)
    strangers = sum(_refuses(lambda: sealing.opened(plan, BytesIO(), pyrage.x25519.Identity.generate())) for _ in range(STRANGERS))
    secret = str(rig.identity)
    host = [path for path in [*everything, *Path(os.environ["SUBROSA_VAR"]).rglob("secrets/*")] if path.is_file()]
    here = [path.name for path in host if secret.encode() in path.read_bytes()]
    report = [
        f"{len(planted)} planted strings, {len(owned)} wrapped keys and a table's name looked for in the set ({len(everything)} files, "
        f"{sum(path.stat().st_size for path in everything) / 1e6:.1f} MB): {len(stolen)} found",
        f"control, the set opened with its key: the table's name found {'yes' if control.text in dump else 'no'}; "
        f"planted strings {sum(each.text in dump for each in planted)} found, sealed there too",
        f"data keys in the data set, opened: {in_dump} of {len(owned)}; control, in the set of keys, opened: {in_ring}",
        f"{STRANGERS} other keys: {STRANGERS - strangers} opened it; {PHRASES} wrong passphrases: {PHRASES - passphrases()} opened the key",
        f"the key in {len(host)} files of the house: {len(here)}; control, on its stick: {int(secret.encode() in rig.stick.read_bytes())}",
    ]
    sys.stdout.write("".join(f"\nT39 {line}" for line in report) + "\n")
    figure(
        "T39 data keys in a stolen backup",
        len(stolen),
        f"{len(planted)} strings, {len(owned)} keys",
        f"opened with its key, a table's name: {'found' if control.text in dump else 'not found'}",
    )
    assert (stolen, in_dump, here, strangers) == ({}, 0, [], STRANGERS)
    assert control.text in dump
    assert in_ring == len(owned) > 0
