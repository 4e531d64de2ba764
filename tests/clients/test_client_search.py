"""The search in the header."""

from __future__ import annotations

import pytest
from django.urls import reverse

from audit.models import Act
from clients.models import Client
from practice.models import User

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db


def test_the_team_is_led_to_the_overview_and_the_desk_to_the_contacts(ana: User, dee: User, cleo: Client, ask: Ask, lines: Lines) -> None:
    overview, contacts = (reverse(name, kwargs={"pk": cleo.pk}) + '"' for name in ("client_detail", "client_contacts"))
    assert overview in text_of(ask(ana, "client_search", {"words": "marchetti"}))
    found = text_of(ask(dee, "client_search", {"words": "marchetti"}))
    assert contacts in found
    assert overview not in found
    assert lines(actor_id=dee.pk, client_id=cleo.pk, act=Act.LIST, part="client_search")


@pytest.mark.parametrize("words", ["Marchetti", "cleo.marchetti@mail.test", "5035550142"])
def test_attack_19_it_finds_nothing_for_whoever_may_not_see(words: str, ben: User, ada: User, former: User, cleo: Client, ask: Ask) -> None:
    for user in (ben, ada, former):
        response = ask(user, "client_search", {"words": words})
        assert response.status_code == 200
        assert cleo.code not in text_of(response)
        assert "Nobody found" in text_of(response)


def test_what_is_changed_is_found_anew_and_the_old_no_more(ana: User, cleo: Client, ask: Ask) -> None:
    names = {"given_name": "Cleopatra", "family_name": "Oyelaran", "preferred_name": "", "pronouns": "", "languages": ""}
    assert ask(ana, "client_edit", names, pk=cleo.pk).status_code == 302
    assert cleo.code in text_of(ask(ana, "client_search", {"words": "oyel"}))
    assert cleo.code not in text_of(ask(ana, "client_search", {"words": "marchetti"}))


def test_accents_and_case_do_not_matter(ana: User, ask: Ask) -> None:
    taken = ask(ana, "client_new", {"kind": "adult", "given_name": "Žofie", "family_name": "Dvořák"})
    assert taken.status_code == 302
    assert "Dvořák" in text_of(ask(ana, "client_search", {"words": "DVORAK zof"}))
