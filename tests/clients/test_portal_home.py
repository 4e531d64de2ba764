"""The portal's first page: one's own record, and those one represents."""

from __future__ import annotations

import pytest

from audit.models import Act
from clients import actions
from clients.models import Client
from practice.models import User
from tests.cast import acting

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db


def test_a_client_sees_their_own_record_only(portal_cleo: User, cleo: Client, mia: Client, ask: Ask, lines: Lines) -> None:
    body = text_of(ask(portal_cleo, "portal_home"))
    assert "Cleo Marchetti" in body
    assert "Your record" in body
    assert "Aldana" not in body
    assert lines(actor_id=portal_cleo.pk, client_id=cleo.pk, act=Act.LIST, part="portal_home")


def test_a_guardian_of_two_sees_both(gus: User, ana: User, mia: Client, ask: Ask) -> None:
    with acting(ana):
        leo = actions.take_in(by=ana, counselor=ana, kind="minor", given_name="Leo", family_name="Aldana")
        actions.give_portal(leo, gus, by=ana, represents=True)
    body = text_of(ask(gus, "portal_home"))
    for words in ("Mia Aldana", "Leo Aldana", "You represent them", mia.code):
        assert words in body


def test_nothing_given_yet_says_what_to_do(gus: User, ana: User, mia: Client, ask: Ask) -> None:
    with acting(ana):
        actions.deny(mia, gus, by=ana, reason="By order of the court.")
    body = text_of(ask(gus, "portal_home"))
    assert "Nothing to see here yet" in body
    assert mia.code not in body
