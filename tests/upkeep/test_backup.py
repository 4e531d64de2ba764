"""Backups: whole or not there, opened by one key that is not here, and nothing put back that was touched (SE-16, REV-3, T18, T39)."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.core.management import CommandError, call_command

from audit import clock, doors, keeping
from practice.models import User
from tests.cast import person
from upkeep import restoring, sealing, sets, taking
from upkeep.models import Run
from upkeep.refusing import CannotBackUp, CannotRestore, NotSetUp

from .conftest import Vaulted

COUNT = "SELECT count(*) FROM "


def count(table: str) -> int:
    with keeping.looking() as cursor:
        cursor.execute(COUNT + table)
        return int(cursor.fetchone()[0])


@contextmanager
def flipped(path: Path, at: int) -> Iterator[None]:
    """One bit of one byte is another while inside."""
    raw = path.read_bytes()
    path.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
    try:
        yield
    finally:
        path.write_bytes(raw)


def test_se_16_a_backup_is_put_back_row_by_row_and_what_came_later_is_gone(vaulted: Vaulted, monkeypatch: pytest.MonkeyPatch) -> None:
    person("Lena Former")
    keys, people = count("vault_datakey"), User.objects.count()
    command = ["restore", "--identity", str(vaulted.key_file)]
    with pytest.raises(CommandError, match="holds data: 2 people"):
        call_command(*command, stdout=StringIO())
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command(*command, "--over", stdout=StringIO())
    assert User.objects.count() == people == 2
    monkeypatch.setattr("builtins.input", lambda _: "replace")
    said = StringIO()
    call_command(*command, "--over", stdout=said)
    assert "none differing" in said.getvalue()
    assert (User.objects.count(), count("vault_datakey")) == (1, keys)
    with doors.system("test"):
        assert str(User.objects.get().name) == "Ada Novak"  # it opens: keys and data belong together
    assert list(Run.objects.filter(kind=Run.Kind.RESTORE).values_list("outcome", flat=True)) == ["good"]


def test_a_restore_that_fails_half_way_leaves_what_was_there(vaulted: Vaulted, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any) -> None:
        raise CannotBackUp("pg_restore failed.")

    people = User.objects.count()
    plan = restoring.planned("", "", vaulted.identity, signed=True)
    monkeypatch.setattr(restoring, "_filled", broken)
    with pytest.raises(CannotBackUp):
        restoring.restore(plan)
    assert User.objects.count() == people > 0


def test_t39_another_key_is_refused_before_anything_is_touched(vaulted: Vaulted) -> None:
    with pytest.raises(CannotRestore, match=r"does not open contents\.age: the backup was made for another one"):
        restoring.planned("", "", pyrage.x25519.Identity.generate(), signed=True)


@pytest.mark.parametrize("piece", ["database.age", "contents.age"])
def test_t18_one_flipped_byte_is_noticed_by_its_checksum_and_by_the_seal(vaulted: Vaulted, piece: str, tmp_path: Path) -> None:
    path = vaulted.data.file(piece)
    with flipped(path, path.stat().st_size // 2):
        with pytest.raises(CannotRestore, match=f"{piece} of {vaulted.name} is not what was written"):
            restoring.planned("", "", vaulted.identity, signed=True)
        with pytest.raises(CannotRestore, match="changed or is damaged"), (tmp_path / "plain").open("wb") as plain:
            sealing.opened(path, plain, vaulted.identity)


def test_a_manifest_that_was_changed_or_is_of_another_house_is_refused(vaulted: Vaulted, settings: Any) -> None:
    path = vaulted.data.path / sets.MANIFEST
    raw = path.read_text()
    path.write_text(json.dumps(json.loads(raw) | {"rows": 1}))
    with pytest.raises(CannotRestore, match="its signature does not hold"):
        restoring.planned("", "", vaulted.identity, signed=True)
    path.write_text(raw)
    settings.TRAIL_KEYS = ["A" * 43]
    with pytest.raises(CannotRestore, match="not in TRAIL_KEY"):
        restoring.planned("", "", vaulted.identity, signed=True)
    restoring.planned("", "", vaulted.identity, signed=False)


def test_attack_95_data_keys_stand_apart_and_leave_sooner(vaulted: Vaulted, settings: Any) -> None:
    """The dump of the data holds no row of them; keys of eight days ago are gone, data of eight days ago is not."""
    settings.BACKUP_KEPT, settings.BACKUP_KEYS_KEPT_DAYS = 3, 7
    assert [piece["name"] for piece in vaulted.keys.said["pieces"]] == [taking.WRAPPED]
    for days in (8, 9):
        at = vaulted.data.at - datetime.timedelta(days=days)
        for one in (vaulted.data, vaulted.keys):
            older = sets.place(one.kind) / sets.stamp(at)
            shutil.copytree(one.path, older)
            (older / sets.MANIFEST).write_text(json.dumps(one.said | {"at": at.isoformat()}))
    gone = sets.prune()
    assert len(gone) == 2
    assert all(each.startswith("keys ") for each in gone)
    assert (len(sets.every(sets.DATA)), [one.name for one in sets.every(sets.KEYS)]) == (3, [vaulted.name])
    with clock.at(clock.now() + datetime.timedelta(days=400)):
        assert sets.prune() == []  # the newest keys stay, or nothing could be restored
    settings.BACKUP_KEPT = 1
    assert len(sets.prune()) == 2


def test_keys_older_than_the_data_are_refused(vaulted: Vaulted) -> None:
    older = sets.place(sets.KEYS) / "2020-01-01T000000Z"
    shutil.copytree(vaulted.keys.path, older)
    with pytest.raises(CannotRestore, match="some would be missing"):
        restoring.planned("", older.name, vaulted.identity, signed=True)
    shutil.rmtree(older)


def test_what_a_killed_backup_left_is_no_set_and_is_taken_away(vaulted: Vaulted) -> None:
    left = sets.place(sets.DATA) / ".2026-01-01T000000Z.part"
    left.mkdir()
    (left / "database.age").write_bytes(b"half")
    assert [one.name for one in sets.every(sets.DATA)] == [vaulted.name]
    with pytest.raises(CannotBackUp), sets.made(sets.DATA, "2026-01-02T000000Z"):
        assert not left.exists()
    assert [one.name for one in sets.every(sets.DATA)] == [vaulted.name]


def test_nothing_is_made_without_a_key_and_a_key_does_not_lie_with_the_data(settings: Any, tmp_path: Path) -> None:
    settings.BACKUP_RECIPIENT, settings.BACKUP_RECIPIENT_KEPT, settings.VAR = "", tmp_path / "var" / "secrets" / "R", tmp_path / "var"
    with pytest.raises(NotSetUp):
        sealing.recipient()
    with pytest.raises(CommandError, match="must not lie with what it opens"):
        call_command("backup", "--new-key", str(tmp_path / "var" / "key"))
    call_command("backup", "--new-key", str(tmp_path / "key"), stdout=StringIO())
    found = sealing.identity_of((tmp_path / "key").read_bytes(), str)
    assert sealing.recipient() == str(found.to_public())
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert "SECRET" not in settings.BACKUP_RECIPIENT_KEPT.read_text()
    with pytest.raises(CommandError, match="There is a key already"):
        call_command("backup", "--new-key", str(tmp_path / "another"))


def test_a_file_that_is_no_key_is_refused_with_what_one_looks_like() -> None:
    with pytest.raises(CannotRestore, match="holds no key"):
        sealing.identity_of(b"# nothing", str)
