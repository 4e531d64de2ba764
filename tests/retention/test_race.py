"""A hold that is placed while the job destroys the record, on two live connections: whoever is first goes first, and the other sees it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from clients.models import Client
from retention import actions
from retention.actions import destroying
from retention.models import Hold, Item
from tests.cast import acting
from tests.committed import as_owner, own_database
from tests.retention.past import Past, counted, furnished, night

WHY = "Her brother's lawyer wrote about the sundial."

WAITING = """SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE a.datname = current_database() AND NOT l.granted"""


@pytest.fixture
def past(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[Past]:
    with own_database(django_db_blocker, worker_id) as name:
        with furnished(name) as made:
            pass
        yield made


class Race:
    """One of the two stops in the middle of its transaction until the other waits for it."""

    def __init__(self, past: Past) -> None:
        self.past = past
        self.connected, self.reached, self.go = threading.Event(), threading.Event(), threading.Event()

    def stops(self, *given: Any) -> None:
        self.reached.set()
        assert self.go.wait(60)

    def places(self, client: Client, *, after: threading.Event | None, stops: bool) -> None:
        """Ada holds the record, by a connection that is there before the job's."""
        try:
            connection.ensure_connection()
            self.connected.set()
            if after:
                assert after.wait(60)
            with acting(self.past.ada):
                actions.place(client, "court", WHY, by=self.past.ada)
                if stops:
                    self.stops()
        finally:
            connection.close()

    def destroys(self) -> int:
        try:
            return night()
        finally:
            connection.close()

    def somebody_waits(self) -> bool:
        """Whether a connection waits for another's lock."""
        with as_owner(self.past.name) as owner:
            for _ in range(600):
                owner.execute(WAITING)
                if owner.fetchone()[0]:
                    return True
                time.sleep(0.05)  # a real connection gets there in its own time
        return False


@pytest.fixture
def race(past: Past) -> Race:
    return Race(past)


def due(past: Past) -> Client:
    client = past.old()
    counted()
    past.approved(client)
    return client


def both(race: Race, place: Callable[[], None], *, job_first: bool) -> tuple[Future[None], Future[int]]:
    """Run the two until they are done; the one that stops is let go once the other waits."""
    with ThreadPoolExecutor(2) as people:
        placing = people.submit(place)
        assert race.connected.wait(60)
        if not job_first:
            assert race.reached.wait(60)
        destroying_ = people.submit(race.destroys)
        assert race.reached.wait(60)
        waited = race.somebody_waits()
        race.go.set()
    assert waited
    return placing, destroying_


def what_is_left(past: Past, client: Client) -> tuple[str, int]:
    with acting(past.ada):
        return Item.objects.get(client=client).state, Hold.objects.filter(client=client).count()


def stop_the_job(race: Race, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job stops after the rows are gone, before it commits."""
    empty = destroying._empty

    def slowly(item: Item) -> None:
        empty(item)
        race.stops()

    monkeypatch.setattr(destroying, "_empty", slowly)


def test_ret_22_a_hold_that_comes_while_the_record_goes_waits_and_is_told_that_it_is_gone(
    past: Past, race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = due(past)
    stop_the_job(race, monkeypatch)
    placing, job = both(race, lambda: race.places(client, after=race.reached, stops=False), job_first=True)
    assert job.result() == 1
    with pytest.raises(DatabaseError, match="This record was destroyed"):
        placing.result()
    assert what_is_left(past, client) == ("destroyed", 0)


def test_ret_22_a_job_that_comes_while_a_hold_is_placed_waits_and_destroys_nothing(past: Past, race: Race) -> None:
    client = due(past)
    placing, job = both(race, lambda: race.places(client, after=None, stops=True), job_first=False)
    placing.result()
    with pytest.raises(DatabaseError, match="may not be destroyed"):
        job.result()
    assert what_is_left(past, client) == ("waiting", 1)
    assert night() == 0
    assert what_is_left(past, client) == ("stopped", 1)


def test_without_the_trigger_that_waits_a_hold_would_stand_on_a_record_that_is_gone(
    past: Past, race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what the two tests above would look like if nothing waited."""
    client = due(past)
    with as_owner(past.name) as owner:
        owner.execute("DROP TRIGGER waits_for_the_job ON retention_hold")
    stop_the_job(race, monkeypatch)
    placing, job = both(race, lambda: race.places(client, after=race.reached, stops=False), job_first=True)
    placing.result()
    assert (job.result(), *what_is_left(past, client)) == (1, "destroyed", 1)
