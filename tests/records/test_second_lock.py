"""What the database itself refuses and hides, asked in plain SQL as the web role."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from clients import actions as clients
from clients.models import Client
from practice.models import User
from records import actions
from records.models import Note, Session
from tests.cast import acting, write_note
from tests.committed import House


def rows(person: User, statement: str, *values: Any) -> list[Any]:
    """What ``person`` gets for a statement that no door and no queryset has touched."""
    with acting(person), connection.cursor() as cursor:
        cursor.execute(statement, [*values])
        return list(cursor.fetchall()) if cursor.description else [cursor.rowcount]


def refused(person: User, statement: str, *values: Any) -> None:
    """Assert that the database raises, and does not merely find nothing."""
    with pytest.raises(DatabaseError), transaction.atomic():
        rows(person, statement, *values)


TABLES = ["records_session", "records_note", "records_notesave", "records_addendum"]


def test_a_stranger_sees_no_row(request: pytest.FixtureRequest, ana: User, signed: Note, psychotherapy: Note) -> None:
    with acting(ana):
        actions.add_addendum(signed, "More.", by=ana)
    people = [request.getfixturevalue(who) for who in ("ben", "dee", "ada", "lena", "portal_cleo")]
    for table in TABLES:
        assert [rows(person, f"SELECT * FROM {table}") for person in people] == [[]] * 5
        assert rows(ana, f"SELECT * FROM {table}")


def test_rec_1_the_supervisor_sees_no_psychotherapy_note_nor_its_key(ana: User, sofia: User, signed: Note, psychotherapy: Note) -> None:
    assert rows(sofia, "SELECT id FROM records_note") == [(signed.pk,)]
    assert rows(sofia, "SELECT 1 FROM vault_datakey WHERE compartment = 'psychotherapy'") == []
    assert rows(ana, "SELECT count(*) FROM vault_datakey WHERE compartment = 'psychotherapy'") == [(1,)]


def test_a_colleagues_draft_is_hidden(ana: User, sofia: User, draft: Note) -> None:
    assert rows(sofia, "SELECT id FROM records_note") == []
    assert rows(ana, "SELECT id FROM records_note") == [(draft.pk,)]


NOTE_CHANGES = [
    "content = ''",
    "signed_at = NULL, signed_by_id = NULL, signed_hash = NULL",
    "late_entry = true",
    "version = 1",
    "client_id = client_id",
]


def test_attack_33_a_signed_note_never_changes(ana: User, signed: Note) -> None:
    for change in NOTE_CHANGES:
        refused(ana, f"UPDATE records_note SET {change} WHERE id = %s", signed.pk)


def test_attack_36_a_signed_note_never_goes(ana: User, signed: Note, draft: Note) -> None:
    refused(ana, "DELETE FROM records_note WHERE id = %s", signed.pk)
    refused(ana, "DELETE FROM records_note WHERE id = %s", draft.pk)
    refused(ana, "TRUNCATE records_note CASCADE")


def test_attack_43_an_addendum_never_changes_nor_goes(ana: User, signed: Note) -> None:
    with acting(ana):
        row = actions.add_addendum(signed, "More.", by=ana)
    refused(ana, "UPDATE records_addendum SET text = '' WHERE id = %s", row.pk)
    refused(ana, "DELETE FROM records_addendum WHERE id = %s", row.pk)


FACT_CHANGES = ["starts_at = starts_at - interval '1 day'", "modality = 'phone'", "place = ''", "ends_at = now()"]


def test_attack_34_the_facts_of_a_signed_session_never_change(ana: User, session: Session, signed: Note) -> None:
    for change in FACT_CHANGES:
        refused(ana, f"UPDATE records_session SET {change} WHERE id = %s", session.pk)
        refused(ana, "DELETE FROM records_session WHERE id = %s", session.pk)


def test_attack_05_what_is_anothers_is_not_written(ana: User, ben: User, sofia: User, cleo: Client, session: Session, draft: Note) -> None:
    for person in (ben, sofia):
        assert rows(person, "UPDATE records_note SET late_entry = true WHERE id = %s", draft.pk) == [0]
        assert rows(person, "UPDATE records_session SET modality = 'phone' WHERE id = %s", session.pk) == [0]
        refused(
            person,
            "INSERT INTO records_session (id, version, client_id, counselor_id, starts_at, ends_at, modality, outcome, place, created_at) "
            "SELECT %s, 1, %s, %s, now() - interval '1 hour', now(), 'phone', 'planned', '', now()",
            uuid.uuid4(), cleo.pk, person.pk,
        )  # fmt: skip


def test_attack_37_nobody_signs_in_anothers_name(ana: User, sofia: User, draft: Note) -> None:
    refused(ana, "UPDATE records_note SET signed_at = now(), signed_by_id = %s, signed_hash = 'x' WHERE id = %s", sofia.pk, draft.pk)
    refused(ana, "UPDATE records_note SET author_id = %s WHERE id = %s", sofia.pk, draft.pk)
    refused(ana, "UPDATE records_note SET signed_at = now() WHERE id = %s", draft.pk)


def test_attack_16_the_former_counselor_writes_no_more(house: House) -> None:
    with acting(house.ana):
        clients.transfer(house.cleo, to=house.ben, by=house.ana, reason="leaver")
    for table in TABLES:
        assert rows(house.ana, f"SELECT * FROM {table}") == []
    assert rows(house.ana, "UPDATE records_note SET late_entry = true WHERE id = %s", house.draft.pk) == [0]
    assert rows(house.ben, "SELECT id FROM records_note") == [(house.signed.pk,)]


def test_nobody_acting_sees_nothing(signed: Note) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,)


def test_attack_88_a_text_moved_to_another_note_does_not_open(ana: User, cleo: Client, mia: Client) -> None:
    here, there = write_note(ana, cleo), write_note(ana, mia)
    assert rows(
        ana, "UPDATE records_note SET content = (SELECT content FROM records_note WHERE id = %s) WHERE id = %s", here.pk, there.pk
    ) == [1]
    with acting(ana):
        moved = Note.objects.get(pk=there.pk)
        with pytest.raises(Exception, match="did not open"):
            _ = moved.content
        with pytest.raises(Exception, match="did not open"):
            moved.save()


def test_attack_38_a_supervisor_adds_no_addendum_to_the_supervisees_note_by_sql(sofia: User, signed: Note) -> None:
    """A forged one could never be taken away again."""
    refused(
        sofia,
        """INSERT INTO records_addendum (id, version, note_id, author_id, text, signed_at, signed_hash)
        VALUES (gen_random_uuid(), 1, %s, %s, 'forged', now(), 'forged')""",
        signed.pk,
        sofia.pk,
    )
