"""A bundle is checked offline by the one file in it, and whatever is changed in it is found."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from audit import bundles, sealing, verify_bundle
from audit.verify_bundle import fingerprint, identity
from tests.audit.sealed import LINE, key, link, seal_all, sealed_trail, write_lines


@pytest.fixture
def bundle(own_db: str, settings: Any, tmp_path: Path) -> Path:
    """Three seals in three pairs of files."""
    settings.TRAIL_ANCHOR = tmp_path / "trail.jsonl"
    with link(own_db) as cursor:
        sealed_trail(cursor, settings.TRAIL_ANCHOR)
        for number in (1, 2, 3):
            list(bundles.make(cursor, tmp_path / "bundle", 1, number))
    return tmp_path / "bundle"


def _replace(path: Path, old: bytes, new: bytes) -> None:
    text = path.read_bytes()
    assert old in text
    path.write_bytes(text.replace(old, new, 1))


def _cut(path: Path) -> None:
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def test_it_runs_alone_with_nothing_of_ours(bundle: Path) -> None:
    seal = list(verify_bundle._seals(bundle))[-1]
    known = ["--key", fingerprint(seal["key"]), "--checkpoint", f"3:{identity(seal)}"]
    command = [sys.executable, "-I", str(bundle / "verify_bundle.py"), str(bundle), *known]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env={})
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Everything holds.")
    assert "3 seals, 21 lines" in done.stdout


def test_a_changed_bundle_does_not_hold(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines, seals = sorted(bundle.glob("lines-*")), sorted(bundle.glob("seals-*"))
    for change in (
        lambda: _replace(lines[1], b"note_detail", b"note_other"),
        lambda: _cut(lines[1]),
        lambda: lines[1].unlink(),
        lambda: _replace(seals[1], b'"lines": 5', b'"lines": 4'),
        lambda: _replace(seals[1], b'"farewell": ""', b'"farewell": "AA=="'),
        lambda: seals[1].unlink(),
        lambda: seals[2].unlink(),
        lambda: lines[2].write_bytes(lines[2].read_bytes() * 2),
    ):
        kept = {path: path.read_bytes() for path in (*lines, *seals)}
        change()
        assert verify_bundle.main([str(bundle)]) == 1
        for path, text in kept.items():
            path.write_bytes(text)
    assert verify_bundle.main([str(bundle)]) == 0
    assert verify_bundle.main([str(bundle), "--key", "0" * 16]) == 1
    assert verify_bundle.main([str(bundle), "--checkpoint", f"2:{'0' * 64}"]) == 1
    seals[0].write_bytes(b"no seal\n")
    assert verify_bundle.main([str(bundle)]) == 2
    assert "no bundle" in capsys.readouterr().out


def test_a_bundle_of_some_seals_holds_by_itself_and_across_a_new_key(own_db: str, settings: Any, tmp_path: Path) -> None:
    settings.TRAIL_ANCHOR = tmp_path / "trail.jsonl"
    with link(own_db) as cursor:
        sealed_trail(cursor, settings.TRAIL_ANCHOR)
        write_lines(cursor, 2)
        seal_all(cursor, [key("b"), key("a")])
        assert list(bundles.make(cursor, tmp_path / "some", 2, 4)) == [(4, 16)]
    result = verify_bundle.check(tmp_path / "some")
    assert (result.seals, result.lines, result.faults, len(result.keys)) == (3, 16, [], 2)


def test_a_tab_or_newline_in_a_line_cannot_pass_for_two(own_db: str, settings: Any, tmp_path: Path) -> None:
    settings.TRAIL_ANCHOR = tmp_path / "trail.jsonl"
    with link(own_db) as cursor:
        columns = "(at, act, role, what, part, purpose, session)"
        cursor.execute(f"INSERT INTO audit_event {columns} VALUES (now(), 'read', E'a\\tb\\nc\\\\', 'x', 'x', '', '')")
        seal_all(cursor)
        assert [len(sealing.leaves(cursor, 0, 10)), len(sealing.named_leaves(cursor, 0, 10))] == [1, 1]
        list(bundles.make(cursor, tmp_path / "b", 1, 1))
    assert verify_bundle.check(tmp_path / "b").faults == []


def test_a_bundle_of_one_client_tells_their_lines_alone_and_still_holds(
    own_db: str, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.TRAIL_ANCHOR, place, client = tmp_path / "trail.jsonl", tmp_path / "one", "5f6d5a0e-8a55-4c43-9d53-0a1d4a4b7a01"
    about = LINE.replace("gen_random_uuid(), NULL", f"gen_random_uuid(), '{client}'")
    with link(own_db) as cursor:
        sealed_trail(cursor, settings.TRAIL_ANCHOR)
        write_lines(cursor, 4)
        cursor.execute(about, [2])
        seal_all(cursor)
        list(bundles.make(cursor, place, 1, 4, frozenset({client})))
    assert verify_bundle.main([str(place)]) == 0
    assert "A part: 2 lines are told, 4 are here as hashes alone, 3 seals without lines." in capsys.readouterr().out
    (path,) = place.glob("lines-*")
    text = path.read_bytes()
    assert (text.count(b"note_detail"), text.count(client.encode())) == (2, 2)
    for old, new in ((b"note_detail", b"note_other"), (text.splitlines(keepends=True)[0], b""), (text.splitlines()[0][-4:], b"0000")):
        path.write_bytes(text.replace(old, new, 1))
        assert verify_bundle.main([str(place)]) == 1


def test_rec_1_lines_about_rows_that_are_not_to_be_told_are_hashes_and_the_seals_still_hold(
    own_db: str, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.TRAIL_ANCHOR, place, client = tmp_path / "trail.jsonl", tmp_path / "one", "5f6d5a0e-8a55-4c43-9d53-0a1d4a4b7a01"
    about = LINE.replace("gen_random_uuid(), NULL", f"gen_random_uuid(), '{client}'")
    with link(own_db) as cursor:
        sealed_trail(cursor, settings.TRAIL_ANCHOR)
        cursor.execute(about, [1])
        cursor.execute(about.replace("records.note", "records.psychotherapy"), [1])
        seal_all(cursor)
        list(bundles.make(cursor, place, 1, 4, frozenset({client}), frozenset({"records.note"})))
    assert verify_bundle.main([str(place)]) == 0
    assert "1 lines are told, 1 are here as hashes alone" in capsys.readouterr().out
    (path,) = place.glob("lines-*")
    assert b"psychotherapy" not in path.read_bytes()
