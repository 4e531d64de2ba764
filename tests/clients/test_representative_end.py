"""Ending an authority, and with it the portal."""

from __future__ import annotations

import datetime

import pytest

from audit import clock
from clients import actions
from clients.models import Client, Representative
from practice.models import User
from practice.roles import Role
from tests.cast import acting, person

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority(ana: User, mia: Client, gus: User) -> Representative:
    with acting(ana):
        row = actions.add_representative(mia, by=ana, relation="guardian", name="Gus Aldana", authority="order", since=clock.now())
        Representative.objects.filter(pk=row.pk).update(user=gus)
    return row


@pytest.mark.parametrize("who", ["ana", "dee"])
def test_rg_12_the_portal_closes_with_the_authority(
    who: str, request: pytest.FixtureRequest, gus: User, mia: Client, authority: Representative, ask: Ask, lines: Lines
) -> None:
    user = request.getfixturevalue(who)
    assert ask(gus, "portal_record", pk=mia.pk).status_code == 200
    assert "Gus Aldana" in text_of(ask(user, "representative_end", pk=mia.pk, representative=authority.pk))
    assert ask(user, "representative_end", {}, pk=mia.pk, representative=authority.pk).status_code == 302
    assert ask(gus, "portal_record", pk=mia.pk).status_code == 404
    assert "Mia" not in text_of(ask(gus, "portal_home"))
    assert lines(part="end_representation", client_id=mia.pk, actor_id=user.pk)
    assert ask(user, "representative_end", {}, pk=mia.pk, representative=authority.pk).status_code == 404


def test_attack_54_authority_that_ends_by_date_closes_the_portal_at_that_moment(ana: User, mia: Client, ask: Ask) -> None:
    rosa = person("Rosa Aldana", Role.REPRESENTATIVE)
    with acting(ana):
        actions.give_portal(mia, rosa, by=ana, represents=True, until=clock.now() + datetime.timedelta(hours=1))
    assert ask(rosa, "portal_record", pk=mia.pk).status_code == 200
    with clock.at(clock.now() + datetime.timedelta(hours=2)):
        assert ask(rosa, "portal_record", pk=mia.pk).status_code in (302, 404)


def test_attack_02_an_authority_is_looked_up_through_its_client(
    ben: User, bens_client: Client, authority: Representative, ana: User, ask: Ask
) -> None:
    assert ask(ben, "representative_end", {}, pk=bens_client.pk, representative=authority.pk).status_code == 404
    with acting(ana):
        assert Representative.objects.get(pk=authority.pk).until is None


def test_an_authority_that_has_not_begun_ends_before_it_does(ana: User, mia: Client, authority: Representative, ask: Ask) -> None:
    later = clock.now() + datetime.timedelta(days=400)
    with acting(ana):
        Representative.objects.filter(pk=authority.pk).update(since=later)
    assert ask(ana, "representative_end", {}, pk=mia.pk, representative=authority.pk).status_code == 302
    with acting(ana):
        assert Representative.objects.get(pk=authority.pk).until == later
