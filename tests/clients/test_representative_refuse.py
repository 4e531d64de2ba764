"""Keeping representatives out of the portal: one for the client's safety, all where a minor consents alone."""

from __future__ import annotations

import datetime

import pytest

from audit import clock
from clients import access, actions
from clients.models import Client, ProxyRefusal, Representative
from practice.models import Practice, User
from practice.refusals import Refused
from practice.roles import Role
from tests.cast import acting, person

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db
WHY = "He threatened her over the copper key; she is afraid of him."


@pytest.fixture
def father(ana: User, mia: Client) -> Representative:
    with acting(ana):
        return actions.add_representative(mia, by=ana, relation="parent", name="Tomas Aldana", authority="joint custody", since=clock.now())


@pytest.fixture
def tomas(ana: User, mia: Client, father: Representative) -> User:
    user = person("Tomas Aldana", Role.REPRESENTATIVE)
    with acting(ana):
        actions.give_portal(mia, user, by=ana, representative=father)
    return user


def test_rg_13_a_representative_is_refused_with_a_rationale_that_is_sealed_to_the_care_team(
    ask: Ask, ana: User, dee: User, mia: Client, father: Representative, tomas: User, lines: Lines
) -> None:
    assert ask(tomas, "portal_record", pk=mia.pk).status_code == 200
    without = ask(ana, "representative_refuse", {"reason": "  "}, pk=mia.pk, representative=father.pk)
    assert (without.status_code, "RG-13" in text_of(without)) == (422, True)
    assert ask(ana, "representative_refuse", {"reason": WHY}, pk=mia.pk, representative=father.pk).status_code == 302
    assert ask(tomas, "portal_record", pk=mia.pk).status_code == 404
    assert lines(part="refuse_representative", client_id=mia.pk)
    assert WHY in text_of(ask(ana, "portal_access", pk=mia.pk))
    seen = text_of(ask(dee, "portal_access", pk=mia.pk))
    assert "Kept out" in seen
    assert "copper key" not in seen


@pytest.mark.parametrize("who", ["ana", "dee"])
def test_rg_13_whoever_is_kept_out_is_not_invited_until_that_is_lifted(
    who: str, request: pytest.FixtureRequest, ask: Ask, ana: User, mia: Client, father: Representative
) -> None:
    user = request.getfixturevalue(who)
    with acting(ana):
        row = actions.refuse_representative(father, by=ana, reason=WHY)
    page = ask(user, "portal_invite", {"who": str(father.pk), "how": "hand"}, pk=mia.pk)
    assert (page.status_code, "RG-13" in text_of(page), "copper key" in text_of(page)) == (422, True, False)
    assert ask(ana, "refusal_lift", {}, pk=mia.pk, refusal=row.pk).status_code == 302
    assert ask(user, "portal_invite", {"who": str(father.pk), "how": "hand"}, pk=mia.pk).status_code == 200


def test_ic_31_a_minor_who_may_consents_alone_and_every_guardians_portal_is_off(
    ask: Ask, ana: User, mia: Client, gus: User, father: Representative, tomas: User
) -> None:
    refused = ask(ana, "client_alone", {"reason": ""}, pk=mia.pk)
    assert (refused.status_code, "IC-31" in text_of(refused)) == (422, True)
    Practice.objects.update(states=["OR"])
    assert ask(ana, "client_alone", {"reason": ""}, pk=mia.pk).status_code == 422  # the practice has not chosen it
    Practice.objects.update(minors_alone=True)
    assert ask(ana, "client_alone", {"reason": ""}, pk=mia.pk).status_code == 302
    for user in (gus, tomas):
        assert ask(user, "portal_record", pk=mia.pk).status_code == 404
    with acting(ana):
        with pytest.raises(Refused) as closed:
            actions.give_portal(mia, gus, by=ana, represents=True)
        assert closed.value.rule == "RG-12"
        assert actions.invite_to_portal(mia, by=ana).words


def test_only_the_counselor_decides(ask: Ask, ben: User, dee: User, sofia: User, ada: User, mia: Client, father: Representative) -> None:
    for user in (ben, dee, sofia, ada):
        assert ask(user, "representative_refuse", {"reason": WHY}, pk=mia.pk, representative=father.pk).status_code == 404
        assert ask(user, "client_alone", {"reason": WHY}, pk=mia.pk).status_code == 404
    with acting(sofia):
        assert not ProxyRefusal.objects.exists()


def test_rg_12_the_end_of_an_authority_is_changed_on_its_page(
    ask: Ask, dee: User, ana: User, mia: Client, father: Representative, tomas: User
) -> None:
    assert ask(dee, "representative_dates", {"until": "soon"}, pk=mia.pk, representative=father.pk).status_code == 422
    assert ask(dee, "representative_dates", {"until": "2027-01-31"}, pk=mia.pk, representative=father.pk).status_code == 302
    with acting(ana):
        assert access.in_portal(mia).get().until == datetime.datetime(2027, 1, 31, 8, tzinfo=datetime.UTC)
