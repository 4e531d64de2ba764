"""Planted sentences are looked for where they must not be: every table, the trail, the logs, Redis, the sessions."""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from audit.logs import Discreet, JsonLine
from practice.actions import outbox
from tests.cast import PRIVATE, SECRET, SignIn, acting
from tests.committed import House, as_owner

PLANTED = [
    SECRET, PRIVATE, "Cleopatra", "Marchetti", "Aldana", "Ferreira", "she/her", "503 555 0142", "5035550142", "Room 2, willow",
    "Ana Reyes", "ana@sub.test", "cleopatra@sub.test",
]  # fmt: skip


def disguises(words: str) -> Iterator[bytes]:
    """``words`` as a dump may show them: plain, lower case, hexadecimal, and base64 at each of its three alignments."""
    raw = words.encode()
    yield from (raw, raw.lower(), raw.hex().encode())
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw)
        yield coded[4 if shift else 0 : -4]


def found_in(text: bytes, planted: list[str] = PLANTED) -> list[str]:
    return [words for words in planted if any(each in text for each in disguises(words) if len(each) > 3)]


def dump(name: str) -> dict[str, bytes]:
    """Every table of the database as its owner copies it out."""
    tables: dict[str, bytes] = {}
    with as_owner(name) as cursor:
        cursor.execute("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        for (table,) in cursor.fetchall():
            out = io.BytesIO()
            cursor.copy_expert(f"COPY (SELECT * FROM {table}) TO STDOUT", out)
            tables[table] = out.getvalue()
    return tables


def test_the_search_itself_finds_what_is_there(own_db: str) -> None:
    """So that an empty result below means something."""
    assert found_in(b"x" + base64.b64encode(b"ab" + SECRET.encode() + b"cd")) == [SECRET]
    assert found_in(("\\x" + SECRET.encode().hex()).encode()) == [SECRET]
    with as_owner(own_db) as cursor:
        cursor.execute("UPDATE practice_practice SET name = 'Ana Reyes'")
    assert found_in(dump(own_db)["practice_practice"]) == ["Ana Reyes"]


def test_attack_60_no_table_and_no_line_of_the_trail_holds_a_planted_word(house: House, own_db: str, browser_of: SignIn) -> None:
    """SE-4: encrypted at rest, field by field."""
    browser_of(house.ana).get("/")  # a session with its data, too
    tables = dump(own_db)
    assert any(table.startswith("audit_event_2") and len(text) > 500 for table, text in tables.items())
    assert len(tables["records_note"]) > 2000
    assert {table: found for table, text in tables.items() if (found := found_in(text))} == {}


def test_attack_93_no_key_stands_in_the_database(house: House, own_db: str) -> None:
    from vault import keys

    with acting(house.ana):
        raw = [keys.unwrap(row) for row in keys.DataKey.objects.all()]
    raw += [base64.urlsafe_b64decode(key.split(":")[1] + "==") for key in settings.MASTER_KEYS]
    everything = b"".join(dump(own_db).values())
    assert len(raw) > 3
    for key in raw:
        for form in (key, key.hex().encode(), base64.b64encode(key)[:40], base64.urlsafe_b64encode(key)[:40]):
            assert form not in everything


def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL)


def test_attack_93_redis_holds_neither_words_nor_keys(house: House) -> None:
    """A notice is queued and the worker woken; what lies in Redis then is read back whole."""
    with acting(house.ana):
        outbox.queue("test", "cleopatra@sub.test", SECRET, SECRET)
    server = _redis()
    held = b"".join(name + (server.dump(name) or b"") for name in server.scan_iter())
    listed = b"".join(b"".join(server.lrange(name, 0, -1)) for name in server.scan_iter(_type="list"))
    assert b"send_due" in listed
    bodies = [json.loads(base64.b64decode(json.loads(message)["body"])) for message in server.lrange("celery", 0, -1)]
    assert all(body[0] == [] and body[1] == {} for body in bodies)
    everything = held + listed + json.dumps(bodies).encode()
    assert found_in(everything) == []
    assert not any(key.split(":")[1].encode() in everything for key in settings.MASTER_KEYS)


# --- logs ---


def said(record: logging.LogRecord) -> str:
    Discreet().filter(record)
    return JsonLine().format(record)


def test_attack_42_an_exceptions_words_stay_out_of_the_log() -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        record = logging.LogRecord(
            "django.request", logging.ERROR, __file__, 1, "Internal Server Error: %s", (f"/x/{SECRET}",), sys.exc_info()
        )
    line = said(record)
    assert SECRET not in line
    assert json.loads(line)["error"] == "ValueError"


def test_attack_65_a_newline_or_escape_in_a_log_record_makes_no_second_line() -> None:
    record = logging.LogRecord("ours", logging.INFO, __file__, 1, 'first\n{"forged": 1}\x1b[31m\r\nthird', None, None)
    line = said(record)
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line


def since(log: Path, before: int, until: bytes) -> bytes:
    """What was written to ``log`` after its first ``before`` bytes; it is passed on by the manager, which may begin a new file."""
    for _ in range(2000):
        written = log.read_bytes()
        written = written[before:] if len(written) >= before else written
        if until in written:
            return written
        time.sleep(0.01)
    raise AssertionError(f"{log} does not say {until!r}")


def test_attack_93_the_database_servers_log_quotes_no_values(house: House) -> None:
    """Statements that fail in the usual ways, with a planted value among their parameters.

    One way is left: "invalid input syntax" quotes the value in its very message. No clinical text is ever a parameter
    (it is sealed before), and a uuid, date or number is parsed by a form before it gets there.
    """
    log = Path(os.environ["SUBROSA_VAR"]) / "log" / "postgres.log"
    before = log.stat().st_size
    for statement in (
        "INSERT INTO practice_practice (id, name, timezone, late_after_hours) VALUES (gen_random_uuid(), %s, '', 1)",
        "UPDATE audit_event SET role = %s",
        "INSERT INTO practice_attempt (account, kind, known_device, at) VALUES (%s || %s, 'x', false, now())",
        "SELECT nothing FROM nowhere WHERE x = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [SECRET] * statement.count("%s"))
    written = since(log, before, until=b"nowhere")
    assert found_in(written) == []


def test_the_error_of_the_driver_reaches_no_log_line() -> None:
    try:
        raise DatabaseError(f"Key (name)=({SECRET}) exists") from psycopg2.IntegrityError(SECRET)
    except DatabaseError:
        record = logging.LogRecord("celery.app.trace", logging.ERROR, __file__, 1, "Task failed", None, sys.exc_info())
    assert SECRET not in said(record)
