"""A small sealed trail, read and attacked as the owner of the database, within a transaction that is rolled back."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from audit import anchors, checking, sealing
from audit.checking import Finding
from audit.sealing import Key
from audit.verify_bundle import Record
from tests.conftest import on_database

LINE = """INSERT INTO audit_event (at, act, actor_id, role, what, what_id, client_id, part, purpose, session, address)
    SELECT clock_timestamp() - n * interval '1 second', 'read', gen_random_uuid(), 'counselor', 'records.note', gen_random_uuid(), NULL,
    'note_detail', '', 'abc', '127.0.0.1' FROM generate_series(1, %s) n"""


def key(letter: str = "a") -> Key:
    """A key of a ring."""
    return Key(base64.urlsafe_b64encode(letter.encode() * 32).decode())


@contextmanager
def link(name: str) -> Iterator[Any]:
    """A cursor of the owner in a transaction, which is rolled back."""
    connection = psycopg2.connect(on_database(os.environ["DATABASE_URL_OWNER"], name))
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.rollback()
        connection.close()


def write_lines(cursor: Any, count: int) -> None:
    """So many lines."""
    cursor.execute(LINE, [count])


def seal_all(cursor: Any, keys: list[Key] | None = None) -> list[Record]:
    """Seal what there is."""
    made = []
    while seal := sealing.seal_next(cursor, keys or [key()], sealing.horizon(cursor, 1), anchors.everything().vouched):
        made.append(seal)
    return made


def sealed_trail(cursor: Any, place: Path, lines: tuple[int, ...] = (7, 5, 9)) -> None:
    """A trail of a few seals, anchored in the file ``place`` names (settings.TRAIL_ANCHOR)."""
    anchors.begin(cursor)
    for count in lines:
        write_lines(cursor, count)
        seal_all(cursor)
    anchors.catch_up(cursor)
    assert place.exists()


def check(cursor: Any, keys: list[Key] | None = None) -> checking.Progress:
    """The verification from the beginning."""
    return checking.run(cursor, anchors.everything(), keys or [key()], lambda _: None)


def kinds(found: list[Finding]) -> set[str]:
    """The words of findings."""
    return {each.what for each in found}
