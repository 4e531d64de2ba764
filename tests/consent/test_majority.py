"""A guardian's consent ends at 00:00 on the day of majority; a session after it asks the adult (IC-32)."""

from __future__ import annotations

import datetime

import pytest

from audit import clock
from clients import actions as clients
from clients.models import Client
from consent import access
from consent.actions.asking import Named
from consent.models import Request, Signer
from consent.states import state_of
from practice.models import User
from practice.roles import Role
from tests.cast import acting, person

from .papers import asked, form_in_force, signed_by

MAJORITY = datetime.datetime(2026, 12, 15, 8, tzinfo=datetime.UTC)  # 00:00 in Los Angeles


@pytest.fixture
def consent(ana: User, mia: Client) -> Request:
    """Rosa's consent to counseling for Mia, who was born on 15 December 2008."""
    rosa = person("Rosa Aldana", Role.REPRESENTATIVE)
    with acting(ana):
        clients.change_person(mia, by=ana, born_on=datetime.date(2008, 12, 15))
        mother = clients.add_representative(mia, by=ana, relation="parent", name="Rosa Aldana", authority="parent", since=clock.now())
        clients.give_portal(mia, rosa, by=ana, representative=mother)
    request = asked(mia, ana, form_in_force(), Named(mia, Signer.Capacity.GUARDIAN, mother), Named(mia, Signer.Capacity.ASSENT))
    signed_by(rosa, request, name="Rosa Aldana", relationship="mother")
    return request


def test_ic_32_case_b_a_session_on_the_eve_is_covered_and_on_the_day_is_not(ana: User, mia: Client, consent: Request) -> None:
    with acting(ana):
        assert access.covering(mia, "in_person", MAJORITY - datetime.timedelta(hours=7)).exists()  # 2026-12-14, 17:00
        assert not access.covering(mia, "in_person", MAJORITY).exists()  # 2026-12-15
        with clock.at(MAJORITY):
            assert state_of(Request.objects.get(pk=consent.pk)).key == "expired"
