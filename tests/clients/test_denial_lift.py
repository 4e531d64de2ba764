"""Taking somebody off the deny list."""

from __future__ import annotations

import pytest

from clients import actions
from clients.models import Client, Denial
from practice.models import User
from tests.cast import acting

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def denial(ana: User, dee: User, cleo: Client) -> Denial:
    with acting(ana):
        return actions.deny(cleo, dee, by=ana, reason="A neighbour.")


@pytest.mark.parametrize("keeper", ["ana", "ada"])
def test_counselor_and_admin_lift_it_and_the_trail_keeps_both(
    keeper: str, request: pytest.FixtureRequest, dee: User, cleo: Client, denial: Denial, ask: Ask, lines: Lines
) -> None:
    by = request.getfixturevalue(keeper)
    assert "Dee Park" in text_of(ask(by, "denial_lift", pk=cleo.pk, denial=denial.pk))
    assert ask(by, "denial_lift", {"confirm": "no"}, pk=cleo.pk, denial=denial.pk).status_code == 422
    assert ask(dee, "client_contacts", pk=cleo.pk).status_code == 404
    assert ask(by, "denial_lift", {"confirm": cleo.code}, pk=cleo.pk, denial=denial.pk).status_code == 302
    assert ask(dee, "client_contacts", pk=cleo.pk).status_code == 200
    assert [line.part for line in lines(client_id=cleo.pk, what_id=dee.pk)] == ["lift_denial", "deny"]


def test_attack_02_an_entry_is_looked_up_through_its_client(
    ben: User, dee: User, bens_client: Client, cleo: Client, denial: Denial, ask: Ask
) -> None:
    assert ask(ben, "denial_lift", {"confirm": bens_client.code}, pk=bens_client.pk, denial=denial.pk).status_code == 404
    assert ask(dee, "denial_lift", {"confirm": cleo.code}, pk=cleo.pk, denial=denial.pk).status_code == 404
    assert ask(dee, "client_contacts", pk=cleo.pk).status_code == 404
