"""Taking a person out of a couple or family."""

from __future__ import annotations

import pytest

from clients.models import Client, Member
from practice.models import User
from tests.cast import acting

from .conftest import Ask, Lines

pytestmark = pytest.mark.django_db


def place_of(user: User, unit: Client, person: Client) -> int:
    with acting(user):
        return Member.objects.get(unit=unit, person=person).pk


def test_a_member_one_may_see_is_taken_out(ana: User, couple: Client, cleo: Client, ask: Ask, lines: Lines) -> None:
    place = place_of(ana, couple, cleo)
    assert ask(ana, "unit_leave", pk=couple.pk, place=place).status_code == 200
    assert ask(ana, "unit_leave", {}, pk=couple.pk, place=place).status_code == 302
    with acting(ana):
        assert couple.memberships.count() == 1
    assert lines(part="leave_unit", client_id=couple.pk)


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
