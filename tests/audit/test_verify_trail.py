"""Every attack on the trail by the owner of the database, whom no trigger and no right can stop, is found (attacks 61 and 62, T03)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from audit import anchors, checking, sealing
from tests.audit.sealed import check, key, kinds, link, seal_all, sealed_trail, write_lines
from tests.committed import own_database

FREE = "ALTER TABLE audit_event DISABLE TRIGGER USER; ALTER TABLE audit_seal DISABLE TRIGGER USER"


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[str]:
    with own_database(django_db_blocker, worker_id) as name:
        yield name


@pytest.fixture
def trail(database: str, settings: Any, tmp_path: Path) -> Iterator[Any]:
    """21 lines under three seals, anchored; the owner's cursor, with the triggers out of the way."""
    settings.TRAIL_ANCHOR = tmp_path / "trail.jsonl"
    with link(database) as cursor:
        sealed_trail(cursor, settings.TRAIL_ANCHOR)
        cursor.execute(FREE)
        yield cursor


def ids(cursor: Any) -> list[int]:
    cursor.execute("SELECT id FROM audit_event ORDER BY id")
    return [ident for (ident,) in cursor.fetchall()]


def says(cursor: Any, statement: str, *values: object) -> None:
    cursor.execute(statement, values)


def _edit(column: str, value: str) -> Callable[[Any], None]:
    return lambda cursor: says(cursor, f"UPDATE audit_event SET {column} = {value} WHERE id = %s", ids(cursor)[9])


def _delete(cursor: Any) -> None:
    says(cursor, "DELETE FROM audit_event WHERE id = %s", ids(cursor)[9])


def _free_numbers(cursor: Any) -> None:
    says(cursor, "ALTER TABLE audit_event ALTER id DROP IDENTITY")


def _renumber(cursor: Any) -> None:
    gone = ids(cursor)[9]
    _free_numbers(cursor)
    says(cursor, "DELETE FROM audit_event WHERE id = %s", gone)
    says(cursor, "UPDATE audit_event SET id = id - 1 WHERE id > %s", gone)


def _swap(cursor: Any) -> None:
    one, other = ids(cursor)[3], ids(cursor)[15]
    _free_numbers(cursor)
    says(cursor, "UPDATE audit_event SET id = CASE id WHEN %s THEN %s ELSE %s END WHERE id IN (%s, %s)", one, other, one, one, other)


def _forge(cursor: Any) -> None:
    says(
        cursor,
        """INSERT INTO audit_event (id, at, act, role, what, part, purpose, session) OVERRIDING SYSTEM VALUE
        SELECT id, at + interval '1 second', act, role, what, part, purpose, session FROM audit_event WHERE id = %s""",
        ids(cursor)[9],
    )


def _forge_below(cursor: Any) -> None:
    values = "(-7, now(), 'read', 'x', 'x', 'x', '', '')"
    says(cursor, f"INSERT INTO audit_event (id, at, act, role, what, part, purpose, session) OVERRIDING SYSTEM VALUE VALUES {values}")


def _detach(cursor: Any) -> None:
    cursor.execute("SELECT tableoid::regclass::text FROM audit_event LIMIT 1")
    says(cursor, f"ALTER TABLE audit_event DETACH PARTITION {cursor.fetchone()[0]}")


def _cut(cursor: Any) -> None:
    says(cursor, "DELETE FROM audit_event WHERE id > %s", ids(cursor)[11])
    says(cursor, "DELETE FROM audit_seal WHERE number = 3")


def _cut_lines_alone(cursor: Any) -> None:
    says(cursor, "DELETE FROM audit_event WHERE id > %s", ids(cursor)[11])


def _empty(cursor: Any) -> None:
    says(cursor, "DELETE FROM audit_event; DELETE FROM audit_seal")


def _remake(cursor: Any, keys: list[sealing.Key]) -> None:
    """All seals made anew over changed lines, by the algorithm, which everybody can read."""
    _edit("part", "'other'")(cursor)
    says(cursor, "DELETE FROM audit_seal")
    seal_all(cursor, keys)


def _remake_without_the_key(cursor: Any) -> None:
    _remake(cursor, [key("x")])


def _keep_key_and_signature(cursor: Any) -> None:
    """The digest set to what the changed lines give; the rest left."""
    _edit("part", "'other'")(cursor)
    cursor.execute("SELECT after, upto FROM audit_seal WHERE number = 2")
    found = sealing.leaves(cursor, *cursor.fetchone())
    marks = b"".join(each[:8] for each in found)
    says(cursor, "UPDATE audit_seal SET digest = %s, marks = %s WHERE number = 2", sealing.digest(found), marks)


def _seal(change: str) -> Callable[[Any], None]:
    return lambda cursor: says(cursor, f"UPDATE audit_seal SET {change} WHERE number = 2")


ATTACKS: list[tuple[str, Callable[[Any], None], set[str]]] = [
    *((f"edit {column}", _edit(column, value), {"line"}) for column, value in {
        "act": "'list'", "actor_id": "gen_random_uuid()", "role": "'admin'", "what": "'clients.client'", "what_id": "NULL",
        "client_id": "gen_random_uuid()", "part": "'other'", "purpose": "'x'", "request_id": "gen_random_uuid()",
        "session": "'x'", "address": "'10.0.0.1'", "at": "at + interval '1 microsecond'",
    }.items()),
    ("re-time into another month", _edit("at", "at - interval '70 days'"), {"line"}),
    ("delete", _delete, {"line"}),
    ("delete and renumber", _renumber, {"line"}),
    ("swap", _swap, {"line"}),
    ("forge with a number that is taken", _forge, {"line"}),
    ("forge below the first", _forge_below, {"line"}),
    ("take a month away", _detach, {"line"}),
    ("cut lines and their seal", _cut, {"chain"}),
    ("cut lines", _cut_lines_alone, {"line"}),
    ("empty", _empty, {"chain"}),
    ("rewrite without the key", _remake_without_the_key, {"anchor", "key", "chain"}),
    ("rewrite with the key, as a thief of it could", lambda cursor: _remake(cursor, [key()]), {"anchor", "chain"}),
    ("fit the seal to changed lines", _keep_key_and_signature, {"seal", "anchor"}),
    ("change a seal's lines", _seal("lines = lines + 1"), {"seal", "line", "anchor"}),
    ("change a seal's time", _seal("at = at - interval '1 hour'"), {"seal", "anchor"}),
    ("change a seal's marks", _seal("marks = ''"), {"seal"}),
    ("change a seal's mac", _seal("mac = repeat('0', 64)"), {"seal", "anchor"}),
    ("take a seal out", lambda cursor: says(cursor, "DELETE FROM audit_seal WHERE number = 2"), {"seal"}),
]  # fmt: skip


def test_attack_61_every_change_by_the_owner_is_found_and_an_honest_trail_raises_no_alarm(trail: Any) -> None:
    """T03. Each attack runs in a savepoint on the same trail; after each one is undone the trail holds again."""
    wrong = {}
    for name, attack, wanted in ATTACKS:
        says(trail, "SAVEPOINT before")
        attack(trail)
        found = kinds(check(trail).findings)
        if not found >= wanted:
            wrong[name] = found
        says(trail, "ROLLBACK TO before")
        assert check(trail).findings == [], f"a false alarm after {name}"
    assert wrong == {}
    assert len(ATTACKS) >= 30


def test_the_first_line_that_does_not_fit_is_named(trail: Any) -> None:
    changed, removed = ids(trail)[9], ids(trail)[10]
    says(trail, "UPDATE audit_event SET part = 'other' WHERE id = %s", changed)
    says(trail, "DELETE FROM audit_event WHERE id = %s", removed)
    said = " ".join(each.words for each in check(trail).findings)
    assert f"beginning with number {changed}" in said
    assert "5 were sealed, 4 are there; 2 removed or changed" in said


def test_attack_61_an_older_dump_is_found_and_nothing_is_sealed_on_top_of_it(trail: Any) -> None:
    """The rollback to a savepoint is the restore: every table as it was, honest by itself."""
    says(trail, "SAVEPOINT dump")
    write_lines(trail, 4)
    seal_all(trail)
    anchors.catch_up(trail)
    says(trail, "ROLLBACK TO dump")
    (found,) = check(trail).findings
    assert (found.what, "older copy" in found.words) == ("chain", True)
    with pytest.raises(sealing.CannotSeal, match="forked"):
        anchors.require_same(trail)


def test_a_declared_restore_is_accepted_from_then_on_and_told(trail: Any) -> None:
    says(trail, "SAVEPOINT dump")
    write_lines(trail, 4)
    seal_all(trail)
    anchors.catch_up(trail)
    says(trail, "ROLLBACK TO dump")
    anchors.declare("restored", "The disk failed; the backup of last night.", "2026-11-22", key(), sealing.seal_at(trail))
    write_lines(trail, 2)
    seal_all(trail)
    anchors.catch_up(trail)
    kept = anchors.everything()
    assert (check(trail).findings, sorted(kept.lost), len(kept.known)) == ([], [4], 4)


def test_findings_that_were_looked_into_are_known_and_anything_more_is_news(trail: Any) -> None:
    _delete(trail)
    known = [str(each) for each in check(trail).findings]
    anchors.declare("known", "Looked into on 22 November.", "2026-11-22", key(), sealing.seal_at(trail), known)
    done = check(trail)
    assert (done.findings, [str(each) for each in done.known]) == ([], known)
    _delete(trail)
    assert kinds(check(trail).findings) == {"line"}


def test_a_declaration_by_another_key_is_found(trail: Any) -> None:
    anchors.declare("restored", "Nothing to see.", "2026-11-22", key(), sealing.seal_at(trail, 1))
    text = anchors.path().read_text().replace("Nothing to see", "Nothing at all")
    anchors.path().write_text(text)
    assert kinds(check(trail).findings) == {"anchor"}


def test_attack_61_without_its_anchors_a_trail_is_not_believed_and_not_sealed(trail: Any) -> None:
    anchors.path().unlink()
    assert kinds(check(trail).findings) == {"anchor"}
    with pytest.raises(sealing.CannotSeal, match="gone"):
        anchors.begin(trail)


def test_a_line_torn_by_a_loss_of_power_is_written_again_and_no_alarm(trail: Any) -> None:
    text = anchors.path().read_bytes()
    anchors.path().write_bytes(text[:-40])
    assert anchors.tip()[0] == 2  # type: ignore[index]  # there is one
    anchors.catch_up(trail)
    assert check(trail).findings == []
    spoiled = anchors.path().read_bytes().replace(b'"number":2,', b'"number":x,')
    anchors.path().write_bytes(spoiled)
    assert kinds(check(trail).findings) == {"anchor"}
    anchors.path().write_bytes(text[text.index(b"\n") + 1 :])
    (found,) = check(trail).findings
    assert "1 seals are missing" in found.words


def test_it_goes_on_where_it_stopped_and_counts_the_exposure_window(trail: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "AT_ONCE", 5)
    steps = checking.verify(trail, anchors.everything(), [key()])
    said = next(steps).as_json()
    half = checking.Progress.of_json(said)
    assert (half.seals, half.lines) == (1, 7)
    write_lines(trail, 3)
    done = checking.run(trail, anchors.everything(), [key()], lambda _: None, half)
    assert (done.seals, done.lines, done.findings, done.anchored) == (3, 21, [], 3)
    assert checking.exposed(trail, done.upto).lines == 3


# --- keys ---


def test_a_new_key_is_vouched_for_by_the_former_which_may_then_go(trail: Any) -> None:
    old, new = key("a"), key("b")
    write_lines(trail, 2)
    (first,) = seal_all(trail, [new, old])
    assert (first["key"], bool(first["farewell"])) == (new.public, True)
    write_lines(trail, 2)
    (second,) = seal_all(trail, [new])
    anchors.catch_up(trail)
    assert second["farewell"] == ""
    done = check(trail, [new])
    assert (done.findings, done.unkeyed) == ([], 3)


def test_a_key_that_no_former_one_vouches_for_seals_nothing_unless_it_is_declared(trail: Any) -> None:
    write_lines(trail, 2)
    with pytest.raises(sealing.CannotSeal, match="key"):
        seal_all(trail, [key("b")])
    anchors.declare("new_key", "The old one was lost with the machine.", "2026-11-22", key("b"), sealing.seal_at(trail))
    seal_all(trail, [key("b")])
    anchors.catch_up(trail)
    assert check(trail, [key("b")]).findings == []


def test_the_web_role_is_not_given_the_key_and_cannot_write_a_seal(db: None) -> None:
    from django.db import connection

    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute("INSERT INTO audit_seal (number) VALUES (1)")


@pytest.mark.parametrize("statement", ["UPDATE audit_seal SET lines = 0", "DELETE FROM audit_seal", "TRUNCATE audit_seal"])
def test_attack_61_a_seal_is_final_for_the_owner_too(database: str, settings: Any, tmp_path: Path, statement: str) -> None:
    settings.TRAIL_ANCHOR = tmp_path / "trail.jsonl"
    with link(database) as cursor:
        sealed_trail(cursor, settings.TRAIL_ANCHOR)
        with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="final"):
            cursor.execute(statement)
