"""A door remembers the keys it found, never the ones it made: a rollback would take those away under sealed text."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit import clock, doors
from clients.models import Client
from practice.models import User
from records import actions as records
from records.models import Session
from vault.models import DataKey


class Undone(Exception):
    """Stands for anything that goes wrong halfway."""


def _keys_asked_for(queries: CaptureQueriesContext) -> int:
    return sum("vault_datakey" in query["sql"] and "SELECT" in query["sql"] for query in queries)


def test_a_second_seal_for_the_same_client_asks_for_no_key(ana: User, cleo: Client, session: Session) -> None:
    with doors.system("test", on_behalf_of=ana):
        records.change_session(Session.objects.get(pk=session.pk), by=ana, place="Room 3")
        with CaptureQueriesContext(connection) as queries:
            records.change_session(Session.objects.get(pk=session.pk), by=ana, place="Room 4")
    assert _keys_asked_for(queries) == 0


def test_a_key_made_in_an_undone_step_is_made_anew_and_its_text_opens(ana: User, cleo: Client) -> None:
    with doors.system("test", on_behalf_of=ana):
        try:
            with transaction.atomic():
                records.begin_note(cleo, by=ana, kind="psychotherapy")
                raise Undone
        except Undone:
            assert not DataKey.objects.filter(compartment="psychotherapy").exists()
        note = records.begin_note(cleo, by=ana, kind="psychotherapy")
    with doors.system("test", on_behalf_of=ana):
        assert type(note).objects.get(pk=note.pk).content == {}


@pytest.mark.parametrize("over", ["retired_at", "shredded_at"])
def test_attack_91_nobody_who_may_make_a_key_makes_one_that_is_over(ana: User, cleo: Client, over: str) -> None:
    """Such a key would take the place of one that was shredded, or seal nothing."""
    key = {"owner": cleo.pk, "compartment": "record", "holder": ana.pk, "wrapped": b"", "master": ""}
    with doors.system("test", on_behalf_of=ana):
        with pytest.raises(ProgrammingError, match="new_and_whole"), transaction.atomic():
            DataKey.objects.create(**key, **{over: clock.now()})
        DataKey.objects.create(**key)
