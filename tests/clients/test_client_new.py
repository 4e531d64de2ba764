"""Intake: one form, two names are enough; duplicates only for those who may see them."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import clock
from clients.access import care_team
from clients.actions import change_person
from clients.models import Client
from practice.models import User
from tests.cast import acting

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db

TWO_NAMES = {"kind": "adult", "given_name": "Noor", "family_name": "Haddad"}
CLEO = {"kind": "adult", "given_name": "Cleopatra", "family_name": "Marchetti"}


def newest(user: User) -> Client:
    with acting(user):
        return Client.objects.order_by("-since").first()


def test_two_names_are_enough_and_the_asker_counsels(ana: User, sofia: User, ask: Ask, lines: Lines) -> None:
    response = ask(ana, "client_new", TWO_NAMES)
    client = newest(ana)
    assert response["Location"] == f"/clients/{client.pk}/"
    with acting(ana):
        assert client.legal_name == "Noor Haddad"
        assert client.status == "intake"
        assert [(grant.user, grant.role_word) for grant in care_team(client)] == [(ana, "counselor"), (sofia, "supervisor")]
    assert lines(client_id=client.pk, part="take_in", actor_id=ana.pk)


def test_everything_asked_is_kept_with_its_permissions(ana: User, ask: Ask) -> None:
    body = TWO_NAMES | {
        "kind": "minor", "preferred_name": "Nunu", "pronouns": "she/they", "born_on": "2014-02-03", "languages": "Arabic, English",
        "phone": "555 0107", "phone_may": "on", "phone_safe": "on", "mail": "noor@mail.test", "post": "1 Elm St",
        "emergency_name": "Samar", "emergency_relation": "mother", "emergency_phone": "555 0108",
    }  # fmt: skip
    assert ask(ana, "client_new", body).status_code == 302
    client = newest(ana)
    with acting(ana):
        assert (client.preferred_name, client.born_on, client.kind) == ("Nunu", datetime.date(2014, 2, 3), "minor")
        assert client.emergency == {"name": "Samar", "relation": "mother", "phone": "555 0108"}
        points = {point.kind: (point.address, point.may_contact, point.safe_to_leave_message) for point in client.contact_points.all()}
    assert points == {"phone": ("555 0107", True, True), "mail": ("noor@mail.test", False, False), "post": ("1 Elm St", False, False)}


def test_the_desk_chooses_a_counselor_and_is_led_to_the_contacts(dee: User, ben: User, otto: User, ask: Ask) -> None:
    form = text_of(ask(dee, "client_new"))
    assert "Ben Okafor" in form
    assert "Otto Leaver" not in form
    response = ask(dee, "client_new", TWO_NAMES | {"counselor": str(ben.pk)})
    client = newest(dee)
    assert response["Location"] == f"/clients/{client.pk}/contacts/"
    assert ask(ben, "client_detail", pk=client.pk).status_code == 200
    assert ask(dee, "client_detail", pk=client.pk).status_code == 404


def test_the_desk_may_leave_the_counselor_open(dee: User, ada: User, ask: Ask) -> None:
    assert ask(dee, "client_new", TWO_NAMES | {"counselor": ""}).status_code == 302
    with acting(dee):
        assert not care_team(newest(dee)).exists()
    assert newest(dee).code in text_of(ask(ada, "client_codes", query="?unassigned=1"))


@pytest.mark.parametrize("chosen", ["nobody", "00000000-0000-4000-8000-000000000009", "\x00", "otto", "dee"])
def test_only_a_counselor_who_works_here_can_be_chosen(chosen: str, dee: User, otto: User, ask: Ask) -> None:
    chosen = {"otto": str(otto.pk), "dee": str(dee.pk)}.get(chosen, chosen)
    assert ask(dee, "client_new", TWO_NAMES | {"counselor": chosen}).status_code == 422


def test_attack_24_a_counselor_cannot_choose_another_by_adding_a_field(ana: User, ben: User, ask: Ask) -> None:
    assert (
        ask(ana, "client_new", TWO_NAMES | {"counselor": str(ben.pk), "status": "archived", "code": "mine", "by": str(ben.pk)}).status_code
        == 302
    )
    client = newest(ana)
    assert (client.status, client.code != "mine") == ("intake", True)
    assert ask(ben, "client_detail", pk=client.pk).status_code == 404


def test_attack_04_an_id_in_the_body_makes_no_update(ben: User, ana: User, cleo: Client, ask: Ask) -> None:
    for name in ("id", "pk", "client", "client_id"):
        assert ask(ben, "client_new", TWO_NAMES | {"anyway": "on", name: str(cleo.pk)}).status_code == 302
    with acting(ana):
        assert Client.objects.get(pk=cleo.pk).legal_name == "Cleopatra Marchetti"
    with acting(ben):
        assert Client.objects.count() == 4


@pytest.mark.parametrize(
    "same",
    [
        {},
        {"given_name": "cléo"},
        {"given_name": "X", "family_name": "Y", "phone": "+1 503 555-0142"},
        {"given_name": "X", "family_name": "Y", "mail": "Cleo.Marchetti@mail.test"},
    ],
)
def test_a_possible_duplicate_is_shown_to_whoever_may_see_it(same: dict[str, str], ana: User, dee: User, cleo: Client, ask: Ask) -> None:
    for user in (ana, dee):
        response = ask(user, "client_new", CLEO | same)
        assert response.status_code == 422
        assert "Take in anyway" in text_of(response)
        assert cleo.code in text_of(response)
        assert f'value="{(CLEO | same)["family_name"]}"' in text_of(response)  # typed text is kept


def test_a_similar_name_is_no_duplicate(ana: User, cleo: Client, ask: Ask) -> None:
    assert ask(ana, "client_new", CLEO | {"given_name": "Cle"}).status_code == 302


def test_taken_in_anyway(ana: User, cleo: Client, ask: Ask) -> None:
    assert ask(ana, "client_new", CLEO | {"anyway": "on"}).status_code == 302
    with acting(ana):
        assert Client.objects.count() == 2


def _asked(ask: Ask, user: User, body: dict[str, Any]) -> tuple[int, list[str]]:
    with CaptureQueriesContext(connection) as asked:
        response = ask(user, "client_new", body)
    return response.status_code, [re.sub(r"'[^']*'|\"s\d+_x\d+\"|\b\d+\b", "?", query["sql"])[:60] for query in asked]


def test_attack_20_a_colleague_is_told_nothing_of_a_duplicate(ben: User, cleo: Client, ask: Ask, lines: Lines) -> None:
    """Same answer and the very same questions to the database as for somebody unknown: nothing to read, nothing to time."""
    contacts = {"phone": "503 555 0142", "mail": "cleo.marchetti@mail.test"}
    unknown = {
        "kind": "adult",
        "given_name": "Wilhelmina",
        "family_name": "Steinsson",
        "phone": "503 555 0199",
        "mail": "w.steinsson@mail.test",
    }
    _asked(ask, ben, TWO_NAMES)
    known, strange = _asked(ask, ben, CLEO | contacts), _asked(ask, ben, unknown)
    assert known == strange
    assert known[0] == 302
    assert not lines(actor_id=ben.pk, client_id=cleo.pk)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given_name", ""), ("family_name", ""), ("family_name", "   "), ("given_name", "x" * 121), ("given_name", "a\x00b"),
        ("kind", "robot"), ("kind", ""), ("born_on", "1874-01-01"), ("born_on", "2999-01-01"), ("born_on", "yesterday"),
        ("mail", "not an address"), ("phone", "1" * 41), ("post", "x" * 1_000_000), ("pronouns", "\x00"),
        ("phone_may", "on"), ("phone_safe", "on"),
    ],
)  # fmt: skip
def test_what_does_not_pass_is_said_beside_the_field_and_typed_text_stays(field: str, value: str, ana: User, ask: Ask) -> None:
    with acting(ana):
        before = Client.objects.count()
    response = ask(ana, "client_new", TWO_NAMES | {"languages": "Tagalog"} | {field: value})
    assert response.status_code == 422
    assert 'value="Tagalog"' in text_of(response)
    assert "_error" in text_of(response)
    with acting(ana):
        assert Client.objects.count() == before


def test_born_today_can_be_taken_in(ana: User, ask: Ask) -> None:

    assert ask(ana, "client_new", TWO_NAMES | {"born_on": clock.today().isoformat()}).status_code == 302


@pytest.mark.parametrize("name", ["‮evil‬", "عائشة", "Z̸a̷l̶g̵o̴", "👩🏽‍🦱", "<script>alert(1)</script>", "{{ 7*7 }}", "Robert'); DROP TABLE"])
def test_any_name_is_kept_as_typed_and_isolated_where_shown(name: str, ana: User, ask: Ask) -> None:
    assert ask(ana, "client_new", TWO_NAMES | {"given_name": name}).status_code == 302
    client = newest(ana)
    with acting(ana):
        assert client.given_name == name
    body = text_of(ask(ana, "client_detail", pk=client.pk))
    assert "<script>alert" not in body
    assert "<bdi>" in body
    title = re.search(r"<title>(.*?)</title>", body)
    assert title
    assert "Haddad" not in title[1]


def test_attack_20_a_date_of_birth_is_a_hint_to_whoever_may_see_that_client_and_follows_its_change(
    ana: User, ben: User, mia: Client, ask: Ask
) -> None:
    born = {"kind": "minor", "given_name": "Amelia", "family_name": "Northwood", "born_on": "2012-08-15"}
    hinted = ask(ana, "client_new", born)
    assert (hinted.status_code, mia.code in text_of(hinted)) == (422, True)
    assert ask(ben, "client_new", born).status_code == 302
    with acting(ana):
        change_person(mia, by=ana, born_on=datetime.date(2012, 8, 16))
    assert ask(ana, "client_new", born).status_code == 302
