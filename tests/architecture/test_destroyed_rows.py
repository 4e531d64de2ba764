"""Whatever holds something of a client is decided about: it goes with the record, or it says why it stays (attack 95)."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from .source import ROOMS
from .test_database import client_bound

rows = import_module("retention.migrations._rows")

# Rows that name a client by no key of the database, or somebody who is one; and what becomes of them.
BESIDE = {
    "practice_user": "the account of a client who is nobody else's goes with the record",
    "practice_notice": "what was sent to their addresses goes with the record; what waits is stopped by nothing, and is sent",
    "moving_moveinpiece": "files that were brought in hold many people; each is destroyed on its day, long before",
    "breaches_batch": "letters to several people, printed together and sealed with the incident's key, which stays six years and more",
    "supervision_part": "cases are named by code, in minutes that are the supervision's own and have a day of their own (SU-9)",
    "records_snippet": "words of a counselor's own",
}


def test_attack_95_no_table_of_a_clients_is_undecided() -> None:
    """A new one: say in retention/migrations/_rows.py what becomes of it, and write the function anew in a migration."""
    decided = rows.GONE.keys() | rows.STAYS.keys()
    assert client_bound() - decided == set(), "nobody decided about these"
    assert decided - client_bound() == set()
    assert not rows.GONE.keys() & rows.STAYS.keys()
    assert all(len(why) > 10 for why in [*rows.STAYS.values(), *BESIDE.values()])


def test_children_go_before_what_they_hang_on_and_are_found_by() -> None:
    order = [*rows.GONE]
    for table, said in rows.GONE.items():
        for parent in (each for each in order if f"FROM {each} " in said and each != table and "NOT EXISTS" not in said):
            assert order.index(table) < order.index(parent), f"{table} is found by {parent}"


@pytest.mark.django_db
def test_the_database_does_what_is_written_here() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'retention_destroy'")
        ((body,),) = cursor.fetchall()
    missing = [table for table, said in rows.GONE.items() if f"DELETE FROM {table} WHERE {rows.where(said)};" not in body]
    assert missing == [], "write the function anew: a migration with sql(rows.DESTROY)"


@pytest.mark.django_db
def test_every_trigger_that_refuses_a_deletion_knows_of_it() -> None:
    """Else the job would fail on the day, thirty days after two persons said yes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT p.proname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE NOT t.tgisinternal AND t.tgtype & 8 = 8 AND t.tgrelid::regclass::text = ANY(%s)
            AND p.prosrc NOT LIKE '%%subrosa_destroys%%'""",
            [[*rows.GONE]],
        )
        assert cursor.fetchall() == []


def test_no_other_model_holds_a_clients_id_without_saying_so() -> None:
    """A column called client that is no key of the database would be missed."""
    models = [model for model in apps.get_models() if model._meta.app_label in ROOMS]
    loose = {
        m._meta.db_table
        for m in models
        for f in m._meta.concrete_fields
        if "client" in f.attname and f.attname.endswith("_id") and not f.is_relation
    }
    assert loose <= {"audit_event"}
