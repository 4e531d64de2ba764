"""Names and identity."""

from __future__ import annotations

import pytest

from clients.models import Client
from practice.models import User
from tests.cast import acting

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db

NAMES = {"given_name": "Cleopatra", "family_name": "Marchetti-Diaz", "preferred_name": "Cleo", "pronouns": "they/them"}


def test_counselor_and_desk_change_it(ana: User, dee: User, cleo: Client, ask: Ask, lines: Lines) -> None:
    assert 'value="Cleopatra"' in text_of(ask(ana, "client_edit", pk=cleo.pk))
    assert ask(ana, "client_edit", NAMES, pk=cleo.pk)["Location"] == f"/clients/{cleo.pk}/"
    assert ask(dee, "client_edit", NAMES | {"born_on": "1990-05-04"}, pk=cleo.pk)["Location"] == f"/clients/{cleo.pk}/contacts/"
    with acting(ana):
        now = Client.objects.get(pk=cleo.pk)
        assert (now.family_name, now.pronouns, now.born_on.year) == ("Marchetti-Diaz", "they/them", 1990)
    assert [line.actor_id for line in lines(part="change_person", client_id=cleo.pk)] == [dee.pk, ana.pk]


def test_attack_24_no_other_field_can_be_set(ana: User, cleo: Client, ask: Ask) -> None:
    extra = {"status": "archived", "code": "mine-now-1", "kind": "family", "version": "99", "id": "x", "since": "2001-01-01"}
    assert ask(ana, "client_edit", NAMES | extra, pk=cleo.pk).status_code == 302
    with acting(ana):
        now = Client.objects.get(pk=cleo.pk)
    assert (now.status, now.code, now.kind, now.since) == (cleo.status, cleo.code, cleo.kind, cleo.since)


def test_attack_06_a_hidden_id_does_not_lead_the_change_elsewhere(
    ben: User, ana: User, bens_client: Client, cleo: Client, ask: Ask
) -> None:
    hidden = {"pk": str(cleo.pk), "id": str(cleo.pk), "client": str(cleo.pk)}
    assert ask(ben, "client_edit", NAMES | hidden, query=f"?pk={cleo.pk}", pk=bens_client.pk).status_code == 302
    with acting(ana):
        assert Client.objects.get(pk=cleo.pk).family_name == "Marchetti"
    with acting(ben):
        assert Client.objects.get(pk=bens_client.pk).family_name == "Marchetti-Diaz"


@pytest.mark.parametrize(
    ("field", "value"), [("family_name", ""), ("born_on", "2999-01-01"), ("languages", "x" * 121), ("pronouns", "a\x00")]
)
def test_bad_input_changes_nothing_and_keeps_what_was_typed(field: str, value: str, ana: User, cleo: Client, ask: Ask) -> None:
    response = ask(ana, "client_edit", NAMES | {"emergency_name": "Typed name"} | {field: value}, pk=cleo.pk)
    assert response.status_code == 422
    assert "Typed name" in text_of(response)
    with acting(ana):
        assert Client.objects.get(pk=cleo.pk).pronouns == "she/her"


def test_the_database_alone_holds_no_name(ana: User, cleo: Client, ask: Ask) -> None:
    from django.db import connection

    with acting(ana), connection.cursor() as cursor:
        cursor.execute("SELECT clients_client::text FROM clients_client")
        assert not any("Marchetti" in row or b"Marchetti".hex() in row for (row,) in cursor.fetchall())
