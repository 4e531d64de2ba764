"""The admins' list: codes, never names."""

from __future__ import annotations

import pytest

from audit.models import Act
from clients import actions
from clients.models import Client
from practice.models import User
from tests.cast import acting

from .conftest import Ask, Lines, grant_of, text_of

pytestmark = pytest.mark.django_db


def test_it_shows_codes_and_counselors_and_tells_which(ada: User, cleo: Client, bens_client: Client, ask: Ask, lines: Lines) -> None:
    body = text_of(ask(ada, "client_codes"))
    for client in (cleo, bens_client):
        assert client.code in body
        assert lines(actor_id=ada.pk, client_id=client.pk, act=Act.LIST, part="client_codes")
    assert "Ana Reyes" in body
    assert not any(name in body for name in ("Marchetti", "Cleo", "Ferreira", "Bruno"))


def test_it_finds_by_the_beginning_of_a_code_only(ada: User, cleo: Client, bens_client: Client, ask: Ask) -> None:
    body = text_of(ask(ada, "client_codes", {"words": cleo.code}))
    assert cleo.code in body
    assert bens_client.code not in body
    assert "No such code" in text_of(ask(ada, "client_codes", {"words": "Marchetti"}))
    assert ask(ada, "client_codes", {"words": "x\x00"}).status_code == 422


def test_it_finds_those_whom_nobody_counsels(ada: User, ana: User, cleo: Client, bens_client: Client, ask: Ask) -> None:
    assert cleo.code not in text_of(ask(ada, "client_codes", query="?unassigned=1"))
    with acting(ana):
        actions.end_grant(grant_of(cleo, ana), by=ana)
    body = text_of(ask(ada, "client_codes", query="?unassigned=1"))
    assert cleo.code in body
    assert bens_client.code not in body


def test_attack_11_an_admin_on_the_deny_list_sees_not_even_the_code(ada: User, nora: User, ana: User, cleo: Client, ask: Ask) -> None:
    with acting(ana):
        actions.deny(cleo, ada, by=ana, reason="Her sister.")
    assert cleo.code not in text_of(ask(ada, "client_codes"))
