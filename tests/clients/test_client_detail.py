"""The overview, for the care team."""

from __future__ import annotations

import pytest
from django.urls import reverse

from audit.models import Act
from clients import actions
from clients.models import Client
from practice.models import User
from tests.cast import acting

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db


def test_it_shows_the_person_and_who_can_open_the_record(ana: User, cleo: Client, ask: Ask, lines: Lines) -> None:
    with acting(ana):
        actions.change_person(cleo, by=ana, languages="Italian", emergency={"name": "Tullia", "relation": "aunt", "phone": "555 0111"})
    body = text_of(ask(ana, "client_detail", pk=cleo.pk))
    for words in ("Cleopatra Marchetti", "she/her", "Italian", "Tullia", "555 0111", "Ana Reyes", "Sofia Lindqvist", cleo.code):
        assert words in body
    (line,) = lines(actor_id=ana.pk, part="client_detail")
    assert (line.act, line.client_id) == (Act.READ, cleo.pk)


def test_the_title_holds_neither_name_nor_code(ana: User, cleo: Client, ask: Ask) -> None:
    head = text_of(ask(ana, "client_detail", pk=cleo.pk)).split("</head>")[0]
    assert not any(word in head for word in ("Cleo", "Marchetti", cleo.code))


def test_a_supervisor_reads_and_is_offered_no_change(sofia: User, cleo: Client, ask: Ask) -> None:
    body = text_of(ask(sofia, "client_detail", pk=cleo.pk))
    assert reverse("client_edit", kwargs={"pk": cleo.pk}) not in body
    assert reverse("client_assign", kwargs={"pk": cleo.pk}) not in body


def test_attack_12_a_unit_shows_members_one_may_see_and_only_counts_the_others(ana: User, couple: Client, cleo: Client, ask: Ask) -> None:
    body = text_of(ask(ana, "client_detail", pk=couple.pk))
    assert "Cleo Marchetti" in body
    assert "Ferreira" not in body
    assert "1 member whose own record is" in body


def test_a_person_shows_a_unit_only_to_who_may_open_the_unit(
    ana: User, ben: User, couple: Client, cleo: Client, bens_client: Client, ask: Ask
) -> None:
    assert "Cleo and Bruno" in text_of(ask(ana, "client_detail", pk=cleo.pk))
    assert "Cleo and Bruno" not in text_of(ask(ben, "client_detail", pk=bens_client.pk))
    assert ask(ben, "client_detail", pk=couple.pk).status_code == 404


def test_attack_11_the_deny_list_beats_the_grant(ana: User, sofia: User, cleo: Client, ask: Ask) -> None:
    assert ask(sofia, "client_detail", pk=cleo.pk).status_code == 200
    with acting(ana):
        actions.deny(cleo, sofia, by=ana, reason="Her cousin.")
    for name in ("client_detail", "client_contacts", "client_team", "client_access"):
        assert ask(sofia, name, pk=cleo.pk).status_code == 404
    assert "Marchetti" not in text_of(ask(sofia, "client_list"))
    assert "Marchetti" not in text_of(ask(sofia, "client_search", {"words": "marchetti"}))
