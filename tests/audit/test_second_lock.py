"""The second lock over every table at once: raw SQL as the web role, for one counselor and for another, on one connection."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from audit import doors
from tests.architecture.test_database import client_bound, rights
from tests.cast import SignIn, acting
from tests.committed import House, as_owner
from vault.gate import PRACTICE


def ask(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def _readable() -> list[str]:
    """The tables of clients' rows that web may read whole."""
    told = dict(line.removeprefix("web ").split(": ", 1) for line in rights().splitlines() if line.startswith("web "))
    return [table for table in sorted(client_bound()) if "SELECT" in told.get(table, "").split(", ")]


def _rows(table: str) -> set[str]:
    """Every row of ``table`` as the database gives it to whoever acts, but for the practice's own keys."""
    own = f" WHERE owner <> '{PRACTICE}'" if table == "vault_datakey" else ""
    return {row for (row,) in ask(f"SELECT t::text FROM {table} t{own}")}


def test_attack_01_raw_sql_for_one_counselor_returns_no_row_of_anothers(house: House, own_db: str) -> None:
    """No query of ours, no join, no rule: what is left is row-level security alone. The control takes it off one table."""
    seen: dict[str, dict[str, set[str]]] = {}
    for name in ("ana", "ben", "otto"):
        with acting(house.people[name]):
            seen[name] = {table: _rows(table) for table in _readable()}
    assert {table for table, rows in seen["ana"].items() if rows & seen["ben"][table]} == set()
    assert {table for table, rows in seen["otto"].items() if rows} <= {"audit_event"}  # who left keeps the lines of what they did
    full = {table for table, rows in seen["ana"].items() if rows}
    assert full >= {"clients_client", "clients_contactpoint", "records_note", "records_session", "audit_event", "vault_datakey"}
    with as_owner(own_db) as owner:
        owner.execute("ALTER TABLE records_note DISABLE ROW LEVEL SECURITY")
    with acting(house.ben):
        assert _rows("records_note") & seen["ana"]["records_note"]


def _nobody_acts() -> bool:
    return ask("SELECT coalesce(current_setting('subrosa.actor', true), ''), (SELECT count(*) FROM clients_client)") == [("", 0)]


def _falls_over(house: House) -> None:
    with doors.system("test", on_behalf_of=house.ana):
        assert ask("SELECT count(*) FROM clients_client") != [(0,)]
        raise ZeroDivisionError


def test_a_connection_that_is_used_again_remembers_nobody(house: House, browser_of: SignIn) -> None:
    """After a page, a refusal, a change that falls over, a job and a nested door, on one and the same connection."""
    ((backend,),) = ask("SELECT pg_backend_pid()")
    browser = browser_of(house.ana)
    assert browser.get(reverse("note_detail", args=[house.signed.pk])).status_code == 200
    assert _nobody_acts()
    assert browser_of(house.ben).get(reverse("note_detail", args=[house.signed.pk])).status_code == 404
    assert _nobody_acts()
    with pytest.raises(ZeroDivisionError):
        _falls_over(house)
    assert _nobody_acts()
    with doors.system("test"):
        with acting(house.ana):
            assert ask("SELECT count(*) FROM clients_client") != [(0,)]
        assert _nobody_acts()
    assert ask("SELECT pg_backend_pid()") == [(backend,)]
