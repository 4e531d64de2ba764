"""Attack 97: what is over never changes, whoever tries; and what has to happen before that (BR-10, BR-17)."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction

from audit import clock
from breaches import access, actions
from breaches.models import Call, ClientLetter, Incident
from breaches.standing import is_urgent
from clients.models import Client
from practice.models import User
from practice.refusals import Refused
from tests.breaches.test_closing import SAID
from tests.breaches.worded import notifying, settle
from tests.cast import acting
from tests.committed import House, as_owner, as_worker, furnish, own_database

from .conftest import Report

Over = tuple[House, Incident, str]


@pytest.fixture(scope="module")
def over(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[Over]:
    """A closed incident with a row in every table that belongs to one, committed."""
    with own_database(django_db_blocker, worker_id) as name:
        house = furnish()
        row, today = notifying(house.ada), clock.today()
        with acting(house.ada):
            ada = house.ada
            actions.add_affected(row, [house.cleo], "The cobalt folder.", by=ada)
            actions.say_home(row, access.affected(row), "US", "OR", by=ada)
            actions.name_suspect(row, house.ben, by=ada)
            actions.note_awareness(row, clock.now(), "", by=ada)
            actions.assess(row, by=ada, conclusion="breach", imminent="yes")
            actions.delay(row, "written", today, by=ada, until=today, official="Agent Smith", agency="FBI")
            actions.note_call(access.confirmed(row).get(), ada, clock.now(), "reached", "She asked for her copy.", by=ada)
            actions.finish_task(actions.give_task(row, ada, "Fetch the folder.", today, by=ada), by=ada, outcome="It is here again.")
            draft = actions.draw(row, "hhs", "HHS", by=ada)
            actions.sent(draft, today, "Receipt 3", by=ada)
            actions.plan(row, [house.cleo.pk], by=ada)
        _prepare(row, house, name)
        with acting(house.ada):
            actions.told_otherwise(access.told(house.ada).get(incident=row), "By phone.", by=house.ada)
            settle(row, house.ada)
            actions.close(row, SAID, by=house.ada)
        yield house, row, name


def _prepare(row: Incident, house: House, name: str) -> None:
    from breaches.actions import preparing

    with as_worker():
        assert preparing.prepare_next()
    rows = {  # what no road of this test makes
        "batch": ("version, number, letters, pdf, made_at", "1, 9, 1, '\\x00', now()"),
        "reminder": ("key, whom, stage, due, at", "'k', 'HHS', 'red', now(), now()"),
        "finding": ("version, words, lesson, found_at, found_by_id", f"1, '\\x00', '\\x00', now(), '{house.ada.pk}'"),
    }
    with as_owner(name) as owner:
        for table, (columns, values) in rows.items():
            owner.execute(f"INSERT INTO breaches_{table} (id, incident_id, {columns}) VALUES (gen_random_uuid(), '{row.pk}', {values})")


def children(cursor: Any) -> list[str]:
    """Every table whose rows belong to an incident."""
    cursor.execute("SELECT table_name FROM information_schema.columns WHERE column_name = 'incident_id' AND table_name LIKE 'breaches%'")
    return sorted(row[0] for row in cursor.fetchall())


def changed(cursor: Any, statement: str, guard: Callable[[], Any] = nullcontext) -> int:
    """How many rows ``statement`` changes; none where it is refused."""
    try:
        with guard():
            cursor.execute(statement)
            return int(cursor.rowcount)
    except (psycopg2.Error, DatabaseError):
        return 0


def tried(cursor: Any, guard: Callable[[], Any] = nullcontext) -> list[str]:
    """Every UPDATE and DELETE on the incident and all that belongs to it; those that changed anything."""
    tables = ["breaches_incident", *children(cursor)]
    statements = [statement for table in tables for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}")]
    return [statement for statement in statements if changed(cursor, statement, guard)]


def test_attack_97_nothing_of_a_closed_incident_is_changed_or_deleted_by_the_owner_of_the_database(over: Over) -> None:
    with as_owner(over[2]) as owner:
        tables = children(owner)
        assert len(tables) >= 19
        for table in tables:  # each has a row, or nothing would be shown
            owner.execute(f"SELECT count(*) FROM {table}")
            assert owner.fetchone()[0], table
        # Two go on after the end, and in these columns alone: an offer to talk, and the analysis that is done.
        assert tried(owner) == ["UPDATE breaches_clientletter SET id = id", "UPDATE breaches_followup SET id = id"]
        for statement in ("UPDATE breaches_clientletter SET sent_at = now()", "UPDATE breaches_followup SET due_on = due_on + 1"):
            assert not changed(owner, statement), statement
        columns = "version, words, incident_id, owner_id, given_by_id, due_on, given_at"
        assert not changed(owner, f"INSERT INTO breaches_task (id, {columns}) SELECT gen_random_uuid(), {columns} FROM breaches_task")


@pytest.mark.parametrize("role", ["web", "worker"])
def test_attack_97_nor_by_web_or_worker_and_what_comes_up_later_is_a_new_incident(over: Over, role: str) -> None:
    house, row, _ = over
    with as_worker() if role == "worker" else nullcontext(), acting(house.ada), connection.cursor() as cursor:
        assert tried(cursor, transaction.atomic) == []
    if role == "web":
        with acting(house.ada), transaction.atomic():
            again = actions.reopen(access.kept_incidents(house.ada).get(pk=row.pk), "It was copied after all.", by=house.ada)
            assert (again.reopens_id, again.state) == (row.pk, "reported")
            transaction.set_rollback(True)


def test_br_18_and_rev_4_go_on_after_the_end(over: Over) -> None:
    house, row, _ = over
    with acting(house.ana), transaction.atomic():
        letter = access.letters_to_offer(house.ana).get(incident_id=row.pk)
        actions.offer(letter, by=house.ana)
        assert ClientLetter.objects.get(pk=letter.pk).offered_by_id == house.ana.pk
        transaction.set_rollback(True)
    with acting(house.ada), transaction.atomic():
        actions.analysed(access.follow_ups(house.ada).get(), by=house.ada)
        transaction.set_rollback(True)


# --- before the end ---


def test_br_17_it_is_not_over_while_a_task_is_open(ada: User, ben: User, reported: Report) -> None:
    row, today = reported(), clock.today()
    with acting(ada):
        task = actions.give_task(row, ben, "Fetch the teal folder.", today, by=ada)
        assert [refused.rule for refused in actions.keeps_open(row, ada) if "task" in refused.words] == ["BR-17"]
        with pytest.raises(Refused, match="task is not done"):
            actions.miss(row, "It came back unopened.", "Windows in envelopes.", by=ada)
        actions.finish_task(task, by=ada, outcome="Not needed: it was never lost.")
        assert access.tasks(row).get().outcome.words == "Not needed: it was never lost."
        actions.miss(row, "It came back unopened.", "Windows in envelopes.", by=ada)


def test_br_10_where_misuse_is_likely_soon_everybody_is_called_or_it_says_why_not(ada: User, ben: User, cleo: Client, mia: Client) -> None:
    row = notifying(ada)
    with acting(ada):
        actions.add_affected(row, [cleo, mia], "He threatened to send it on.", by=ada)
        assert not [refused for refused in actions.keeps_open(row, ada) if refused.rule == "BR-10"]
        actions.assess(row, by=ada, conclusion="breach", imminent="yes")
        assert is_urgent(row)
        assert [
            "2 of those affected were not called" in refused.words for refused in actions.keeps_open(row, ada) if refused.rule == "BR-10"
        ]
        first, second = access.confirmed(row)
        with pytest.raises(Refused, match="Why nobody called"):
            actions.note_call(second, ada, clock.now(), Call.Outcome.NOT, " ", by=ada)
        with pytest.raises(Refused, match="still to come"):
            actions.note_call(first, ben, clock.now() + datetime.timedelta(hours=1), Call.Outcome.REACHED, "", by=ada)
        actions.note_call(first, ben, clock.now(), Call.Outcome.REACHED, "She asked what they know.", by=ada)
        actions.note_call(second, ada, clock.now(), Call.Outcome.NOT, "He lives with the one who did it.", by=ada)
        assert not [refused for refused in actions.keeps_open(row, ada) if refused.rule == "BR-10"]
        actions.name_suspect(row, ben, by=ada)
        with pytest.raises(Refused, match="may be the cause"):
            actions.note_call(first, ben, clock.now(), Call.Outcome.REACHED, "", by=ada)
    with acting(ben):
        assert not Call.objects.exists()
