"""Sealing by the worker: each line once, whenever its transaction ends; what is handed outside; who is told when it stops."""

from __future__ import annotations

import datetime
import random
import threading
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from audit import anchors, clock, doors, keeping, sealing, tasks, verify_bundle
from audit.models import Event, Seal, Watch
from practice import health
from practice.models import Notice
from practice.roles import Role
from tests.audit.sealed import check, key, link, seal_all, write_lines
from tests.cast import person
from tests.committed import as_owner, as_worker


@pytest.fixture(autouse=True)
def elsewhere(settings: Any, tmp_path: Path) -> Path:
    settings.TRAIL_KEYS = [key().secret]
    settings.TRAIL_ANCHOR = tmp_path / "out" / "trail.jsonl"
    settings.TRAIL_STORE_DIR = tmp_path / "store"
    return Path(settings.TRAIL_ANCHOR)


# --- transactions under way ---


def test_attack_62_a_line_that_commits_late_is_sealed_once_and_never_skipped(own_db: str) -> None:
    with link(own_db) as early, link(own_db) as late, link(own_db) as sealer:
        write_lines(early, 3)  # takes the lower numbers, and is not over
        write_lines(late, 2)
        late.connection.commit()
        with pytest.raises(sealing.CannotSeal, match="busy"):
            sealing.horizon(sealer, patience=0.05)
        early.connection.commit()
        (seal,) = seal_all(sealer)
        assert (seal["lines"], seal["upto"]) == (5, 5)
        assert seal_all(sealer) == []


def test_attack_62_the_control_that_looks_at_no_writer_leaves_lines_out(own_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealing up to the highest number there is: the same two transactions, and the verification finds what was skipped."""
    monkeypatch.setattr(sealing, "_writers", lambda cursor: set())
    with link(own_db) as early, link(own_db) as late, link(own_db) as sealer:
        write_lines(early, 3)
        write_lines(late, 2)
        late.connection.commit()
        assert [seal["lines"] for seal in seal_all(sealer)] == [2]
        early.connection.commit()
        assert seal_all(sealer) == []
        assert "line" in {each.what for each in check(sealer).findings}


def test_attack_62_a_rolled_back_transaction_leaves_a_gap_and_no_alarm(own_db: str) -> None:
    with link(own_db) as gone, link(own_db) as stays, link(own_db) as sealer:
        write_lines(gone, 4)
        gone.connection.rollback()
        write_lines(stays, 2)
        stays.connection.commit()
        anchors.begin(sealer)
        assert [seal["lines"] for seal in seal_all(sealer)] == [2]
        sealer.execute("SELECT setval('audit_event_id_seq', 200000)")  # as after a crash, only more so
        write_lines(sealer, 1)
        assert [seal["lines"] for seal in seal_all(sealer)] == [1]
        anchors.catch_up(sealer)
        assert check(sealer).findings == []


def _writer(name: str, seed: int, until: float) -> None:
    chance = random.Random(seed)
    with link(name) as cursor:
        while time.monotonic() < until:
            write_lines(cursor, chance.randint(1, 3))
            time.sleep(chance.random() / 50)
            cursor.connection.rollback() if chance.random() < 0.2 else cursor.connection.commit()


def _sealed_while_others_write(name: str, seconds: float) -> int:
    """Seal again and again beside four writers; returns the number of seals."""
    until = time.monotonic() + seconds
    writers = [threading.Thread(target=_writer, args=(name, seed, until)) for seed in range(4)]
    for writer in writers:
        writer.start()
    with link(name) as sealer:
        while any(writer.is_alive() for writer in writers):
            seal_all(sealer)
            sealer.connection.commit()
        seal_all(sealer)
        sealer.connection.commit()
        sealer.execute("SELECT count(*) FROM audit_seal")
        return int(sealer.fetchone()[0])


def test_attack_62_four_writers_that_overlap_have_every_line_sealed_exactly_once(own_db: str) -> None:
    """T03, honest histories: some of what they write is rolled back."""
    seals = _sealed_while_others_write(own_db, 0.2)
    with link(own_db) as cursor:
        cursor.execute("SELECT count(*), (SELECT sum(lines) FROM audit_seal) FROM audit_event")
        lines, sealed = cursor.fetchone()
        assert (lines, seals > 0) == (sealed, True)
        assert {each.what for each in check(cursor).findings} == {"anchor"}  # there is no file in this test, and nothing else is wrong


# --- the worker's round ---


def test_the_worker_seals_anchors_and_tells_how_it_stands(own_db: str, elsewhere: Path, settings: Any) -> None:
    settings.TRAIL_STORE = "audit.anchors.folder"
    with as_owner(own_db) as owner:
        write_lines(owner, 6)
    with as_worker():
        tasks.seal()
        tasks.seal()
        assert Seal.objects.count() == 1
        assert [oct(path.stat().st_mode)[-3:] for path in (elsewhere, elsewhere.parent)] == ["600", "700"]
        (stored,) = sorted(Path(settings.TRAIL_STORE_DIR).iterdir())
        assert stored.read_bytes() == elsewhere.read_bytes()
        with pytest.raises(FileExistsError):
            anchors.folder(stored.name, b"another")
        tasks.verify()
        watch = Watch.objects.get()
        assert (watch.anchored, watch.trouble, watch.findings, watch.verified_lines) == (1, "", 0, 6)
        standing = keeping.standing()
        assert (standing.well, standing.open_lines, standing.trouble) == (True, 0, "")
        assert standing.name == (anchors.tip() or (0, ""))[1][:16]
        assert health.well("seals")
        with clock.at(clock.now() + datetime.timedelta(minutes=6)):
            assert not health.well("seals")


def test_what_stops_the_sealing_is_told_by_the_pulse_and_mailed_once(own_db: str, elsewhere: Path) -> None:
    person("Ada Novak", Role.ADMIN)
    with as_owner(own_db) as owner:
        write_lines(owner, 1)
    with as_worker():
        tasks.seal()
        tasks.seal()
        assert Notice.objects.filter(kind="checkpoint").count() == 1
        kept = elsewhere.read_text()
        elsewhere.unlink()
        tasks.seal()
        tasks.seal()
        assert (Watch.objects.get().trouble, health.well("seals")) == ("gone", False)
        assert Notice.objects.filter(kind="trail alarm").count() == 1
        elsewhere.write_text("")
        tasks.seal()
        assert (Watch.objects.get().trouble, elsewhere.read_text()) == ("gone", "")  # emptied is as bad as gone, and is not filled again
        elsewhere.write_text(kept)
        tasks.seal()
        assert health.well("seals")


def test_where_the_copies_cannot_be_written_the_pulse_says_so(own_db: str, elsewhere: Path) -> None:
    with as_owner(own_db) as owner:
        write_lines(owner, 1)
    elsewhere.parent.write_text("a file where a folder should be")
    with as_worker():
        tasks.seal()
        assert (Watch.objects.get().trouble, health.well("seals")) == ("anchor", False)


def test_a_verification_that_finds_something_alarms(own_db: str) -> None:
    person("Ada Novak", Role.ADMIN)
    with as_worker():
        tasks.seal()
    with as_owner(own_db) as owner:
        write_lines(owner, 3)
        owner.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
    with as_worker():
        tasks.seal()
    with as_owner(own_db) as owner:
        owner.execute("DELETE FROM audit_event WHERE id = (SELECT max(id) FROM audit_event)")
    with as_worker():
        tasks.verify()
        tasks.verify()
        assert not health.well("seals")
        (notice,) = Notice.objects.filter(kind="trail alarm")
        with doors.system("test"):
            assert "do not hold" in notice.body
            assert "counsel" not in f"{notice.subject}{notice.body}".casefold()


def test_the_commands_verify_export_and_declare_and_each_is_on_the_trail(own_db: str, elsewhere: Path, tmp_path: Path, capsys: Any) -> None:
    with as_owner(own_db) as owner:
        write_lines(owner, 8)
    with as_worker():
        tasks.seal()
        call_command("verify_trail", state=tmp_path / "state.json")
        said = capsys.readouterr().out
        assert "8 lines under 1 seals" in said
        assert "Exposure window: 1 lines" in said  # the line of the verification itself
        call_command("export_trail", tmp_path / "bundle")
        hint = capsys.readouterr().out.split("means: ")[1].split()
        call_command("export_trail", str(tmp_path / "one"), "--client", str(UUID(int=7)))
        assert not next((tmp_path / "one").glob("lines-*")).read_bytes()  # nothing is about them
        elsewhere.unlink()
        with pytest.raises(CommandError, match="does not hold"):
            call_command("verify_trail", state=tmp_path / "state.json")
        with pytest.raises(CommandError, match="in a sentence"):
            call_command("declare_trail", "new_anchors", "why")
        call_command("declare_trail", "new_anchors", "The other disk was replaced and its copy is lost.")
        call_command("verify_trail", state=tmp_path / "state.json")
        parts = list(Event.objects.exclude(role="counselor").order_by("id").values_list("role", "act", "what", "part"))
    assert parts == [
        ("system:verify_trail", "read", "audit.event", "verify_trail"),
        ("system:export_trail", "export", "audit.event", "export_trail"),
        ("system:export_trail", "export", "clients.client", "export_trail"),
        ("system:verify_trail", "read", "audit.event", "verify_trail"),
        ("system:declare_trail", "change", "audit.seal", "new_anchors"),
        ("system:verify_trail", "read", "audit.event", "verify_trail"),
    ]
    assert verify_bundle.main([str(tmp_path / "bundle"), *hint]) == 0
