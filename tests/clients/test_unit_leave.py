"""Taking a person out of a couple or family."""

from __future__ import annotations

import datetime

import pytest

from audit import clock
from clients.actions import join_unit
from clients.models import Client, Member
from practice.models import User
from records.actions import plan_session
from tests.cast import acting

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db


def place_of(user: User, unit: Client, person: Client) -> int:
    with acting(user):
        return Member.objects.get(unit=unit, person=person).pk


def test_a_member_one_may_see_is_taken_out(ana: User, couple: Client, cleo: Client, ask: Ask, lines: Lines) -> None:
    place = place_of(ana, couple, cleo)
    assert ask(ana, "unit_leave", pk=couple.pk, place=place).status_code == 200
    assert ask(ana, "unit_leave", {}, pk=couple.pk, place=place).status_code == 422  # they say why
    assert ask(ana, "unit_leave", {"why": "left"}, pk=couple.pk, place=place).status_code == 302
    assert ask(ana, "unit_leave", {"why": "left"}, pk=couple.pk, place=place).status_code == 404
    with acting(ana):
        assert couple.memberships.filter(left_at=None).count() == 1
        assert couple.memberships.count() == 2  # what they said together is theirs to release (IC-33)
    assert lines(part="leave_unit", client_id=couple.pk)
    page = text_of(ask(ana, "client_detail", pk=couple.pk))
    assert f"/members/{place}/" not in page
    assert ask(ana, "unit_join", {"person": str(cleo.pk)}, pk=couple.pk).status_code == 302  # and comes again
    with acting(ana):
        assert couple.memberships.filter(left_at=None).count() == 2


def test_ic_33_only_who_was_at_no_session_was_never_a_member(
    ana: User, dee: User, couple: Client, cleo: Client, ask: Ask, lines: Lines
) -> None:
    place = place_of(ana, couple, cleo)
    assert ask(ana, "unit_leave", {"why": "mistake"}, pk=couple.pk, place=place).status_code == 302
    assert lines(part="unit_mistake", client_id=couple.pk)
    with acting(ana):
        assert couple.memberships.count() == 1
        join_unit(couple, cleo, by=ana)
        start = clock.now() + datetime.timedelta(hours=3)
        plan_session(couple, by=ana, starts_at=start, ends_at=start + datetime.timedelta(hours=1), modality="in_person")
    place = place_of(ana, couple, cleo)
    refused = ask(ana, "unit_leave", {"why": "mistake"}, pk=couple.pk, place=place)
    assert refused.status_code == 422
    assert "IC-33" in text_of(refused)
    for who in (ana, dee):  # who sees no session is refused as well
        with acting(who):
            assert Member.objects.filter(pk=place).delete()[0] == 0


def test_attack_02_a_place_is_looked_up_through_its_unit(
    ana: User, ben: User, couple: Client, cleo: Client, bens_client: Client, ask: Ask
) -> None:
    place = place_of(ana, couple, cleo)
    assert ask(ana, "unit_leave", {}, pk=cleo.pk, place=place).status_code == 404
    assert ask(ben, "unit_leave", {}, pk=bens_client.pk, place=place).status_code == 404
    assert ask(ana, "unit_leave", {}, pk=couple.pk, place=place_of(ana, couple, bens_client)).status_code == 404
    assert ask(ana, "unit_leave", {}, pk=couple.pk, place=10**30).status_code == 404
    with acting(ana):
        assert couple.memberships.count() == 2
