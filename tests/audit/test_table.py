"""The trail's table as the database keeps it: grown only, nobody else's name, a part for every month, indexes that are used."""

from __future__ import annotations

import datetime
import os
import uuid

import psycopg2
import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import override_settings

from audit import clock, tasks, trail
from audit.models import Act, Event
from audit.trail import Actor, Line, TrailUnavailable
from practice.models import User
from tests.cast import acting
from tests.committed import House, as_owner
from tests.conftest import on_database

FORBIDDEN = [
    "UPDATE audit_event SET act = 'read'",
    "UPDATE audit_event SET at = now() - interval '1 year'",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event",
]


def run(statement: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_attack_61_the_web_role_neither_changes_nor_deletes_a_line(ana: User, statement: str) -> None:
    """SE-5: the trail is only ever added to."""
    with acting(ana), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        run(statement)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_attack_61_the_owner_is_refused_by_trigger(house: House, own_db: str, statement: str) -> None:
    with as_owner(own_db) as cursor:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="final"):
            cursor.execute(statement)
        cursor.execute("SELECT count(*) FROM audit_event")
        assert cursor.fetchone()[0] > 0


def test_attack_61_no_partition_can_be_changed_or_emptied_past_the_table(own_db: str) -> None:
    with as_owner(own_db) as cursor:
        cursor.execute("SELECT relid::regclass::text FROM pg_partition_tree('audit_event') WHERE isleaf")
        parts = [name for (name,) in cursor.fetchall()]
        assert len(parts) > 36
        cursor.execute(
            "INSERT INTO audit_event (at, act, role, what, part, purpose, session) VALUES (now(), 'read', 'x', 'x', 'x', '', '')"
        )
        for part in parts:
            for role in ("subrosa_web", "subrosa_worker"):
                cursor.execute("SELECT has_table_privilege(%s, %s, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')", [role, part])
                assert cursor.fetchone() == (False,), part
            with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="final"):
                cursor.execute(f"TRUNCATE {part}")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="final"):
            cursor.execute(f"DELETE FROM audit_event_{clock.now():%Y_%m}")


def test_attack_58_a_line_under_another_name_is_refused(ana: User, ben: User) -> None:
    with acting(ana), pytest.raises(TrailUnavailable), transaction.atomic():
        trail.write(Actor("counselor", ben.pk), [Line(Act.READ, "records.note", "forged")])
    with acting(ana), pytest.raises(TrailUnavailable), transaction.atomic():
        trail.write(Actor("anonymous", None), [Line(Act.READ, "records.note", "forged")])


def test_attack_64_nobody_but_the_admin_the_care_team_and_the_client_sees_lines_of_others(house: House) -> None:
    counts = {}
    for name in ("ana", "sofia", "ben", "dee", "ada", "lena", "root", "portal_cleo"):
        with acting(house.people[name]):
            seen = Event.objects.filter(client_id=house.cleo.pk).exclude(actor_id=house.people[name].pk)
            counts[name] = seen.exists()
    told = dict.fromkeys(("ana", "sofia", "ada", "portal_cleo"), True)
    assert counts == told | dict.fromkeys(("ben", "dee", "lena", "root"), False)


def test_attack_59_writing_past_the_actions_cannot_reach_what_is_final(house: House, own_db: str) -> None:
    """Bulk updates and raw SQL of the owner stop at the triggers too."""
    with as_owner(own_db) as cursor:
        for statement, ident in (
            ("UPDATE records_note SET kind = 'contact' WHERE id = %s", house.signed.pk),
            ("DELETE FROM records_note WHERE id = %s", house.signed.pk),
            ("UPDATE records_addendum SET signed_at = now() WHERE id = %s", house.addendum.pk),
            ("DELETE FROM records_addendum WHERE id = %s", house.addendum.pk),
        ):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="final"):
                cursor.execute(statement, [str(ident)])


def test_time_going_backwards_or_far_ahead_still_finds_a_place(ana: User) -> None:
    for moment in (datetime.datetime(1999, 1, 1, tzinfo=datetime.UTC), clock.now() + datetime.timedelta(days=4000)):
        with clock.at(moment), acting(ana):
            trail.recorder().write(Line(Act.READ, "records.note", "odd clock"))
    with acting(ana):
        assert Event.objects.filter(part="odd clock").count() == 2


def test_the_worker_makes_the_parts_of_the_coming_year(own_db: str) -> None:
    far = clock.now() + datetime.timedelta(days=800)
    before, url = connection.settings_dict.copy(), on_database(os.environ["DATABASE_URL_WORKER"], own_db)
    connection.close()
    connection.settings_dict |= {"USER": "subrosa_worker", "PASSWORD": psycopg2.extensions.parse_dsn(url)["password"]}
    try:
        with clock.at(far):
            tasks.make_partitions()
            tasks.make_partitions()
    finally:
        connection.close()
        connection.settings_dict.update(before)
    with as_owner(own_db) as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"audit_event_{far + datetime.timedelta(days=340):%Y_%m}"])
        assert cursor.fetchone() == (True,)
        with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="final"):
            cursor.execute(f"TRUNCATE audit_event_{far:%Y_%m}")


def test_the_web_role_makes_no_parts(db: None) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        run("SELECT audit_make_partitions(now()::date, now()::date)")


# --- indexes ---


@pytest.fixture
def a_lot(own_db: str, house: House) -> None:
    with as_owner(own_db) as cursor:
        cursor.execute(
            "INSERT INTO audit_event (at, act, actor_id, role, what, client_id, part, purpose, session) "
            "SELECT now() - n * interval '9 minutes', CASE WHEN n %% 500 = 0 THEN 'refused' ELSE 'read' END, "
            "md5((n %% 40)::text)::uuid, 'counselor', 'records.note', md5((n %% 900)::text)::uuid, 'note_detail', '', '' "
            "FROM generate_series(1, 60000) n",
            [],
        )
        cursor.execute("ANALYZE audit_event")


@pytest.mark.parametrize(
    ("index", "wanted"),
    [("client", {"client_id": uuid.uuid4()}), ("actor", {"actor_id": uuid.uuid4()}), ("refused", {"act": "refused"})],
)
def test_a_page_of_the_trail_walks_an_index_in_every_part(house: House, a_lot: None, index: str, wanted: dict[str, object]) -> None:
    with acting(house.ada):
        lines = Event.objects.filter(**wanted, at__lt=clock.now()).order_by("-at", "-id")[:51].explain()
    months = [line for line in lines.splitlines() if "audit_event_2" in line]
    scans = [line for line in months if "Seq Scan" in line]
    assert months
    assert len(scans) <= 30, lines  # parts without rows may be read whole: there is nothing in them
    assert not [line for line in scans if "rows=1 " not in line], lines


@override_settings(TRUSTED_PROXY_HOPS=0)
def test_a_line_has_no_room_for_clinical_text() -> None:
    """Every text column of the trail is short, and none is filled from a request."""
    longest = max(field.max_length or 0 for field in Event._meta.concrete_fields)
    assert longest <= 60
