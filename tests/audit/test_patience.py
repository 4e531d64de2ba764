"""A page does not wait for ever for a database that does not answer."""

from __future__ import annotations

import threading
from typing import Any

import psycopg2
import pytest
from django.db import OperationalError, connection, connections
from psycopg2.extensions import TRANSACTION_STATUS_ACTIVE

from audit import patience


def _until_it_waits(page: Any) -> None:
    """Look as the watcher does, once the statement is under way."""
    link = page.database.connection
    while link.info.transaction_status != TRANSACTION_STATUS_ACTIVE:
        pass
    patience.look_at(page, patience.TICK)


def test_a_page_that_waited_long_enough_is_cut_and_the_next_one_connects_anew(own_db: str) -> None:
    connection.ensure_connection()
    page = patience._Page(connections["default"], waited=patience.LONGEST)
    watcher = threading.Thread(target=_until_it_waits, args=(page,))
    watcher.start()
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(600)")
    watcher.join()
    connection.close_if_unusable_or_obsolete()  # as at the beginning of each request
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_a_page_at_work_on_its_own_is_left_alone(db: None) -> None:
    connection.ensure_connection()
    page = patience._Page(connections["default"], waited=patience.LONGEST)
    patience.look_at(page, patience.TICK)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert page.waited == patience.LONGEST


def test_each_request_is_watched(client: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr("practice.health.well", lambda part: seen.append(len(patience._pages)) or True)
    client.get("/healthz")
    assert min(seen) >= 1
    assert threading.get_ident() not in patience._pages


def test_nobody_tries_to_connect_where_nobody_answered_a_moment_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_rests_until", 0.0)
    monkeypatch.setattr(patience, "SLOW", -1.0)  # as if it had taken long
    with pytest.raises(psycopg2.OperationalError, match="timeout"), patience.connecting():
        raise psycopg2.OperationalError("timeout expired")
    with pytest.raises(psycopg2.OperationalError, match="a moment ago"), patience.connecting():
        raise AssertionError("It was tried.")


def test_a_refused_connection_may_be_tried_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_rests_until", 0.0)
    for _ in range(2):
        with pytest.raises(psycopg2.OperationalError, match="refused"), patience.connecting():
            raise psycopg2.OperationalError("Connection refused")
