"""Changing an address or what it may be used for."""

from __future__ import annotations

import pytest

from clients.models import Client, ContactPoint
from practice.models import User
from tests.cast import acting

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(ana: User, cleo: Client) -> ContactPoint:
    with acting(ana):
        return cleo.contact_points.get(kind="phone")


def again(ana: User, point: ContactPoint) -> ContactPoint:
    with acting(ana):
        found = ContactPoint.objects.get(pk=point.pk)
        assert found.address
        return found


def test_permission_can_be_taken_back_and_with_it_the_message(ana: User, cleo: Client, phone: ContactPoint, ask: Ask, lines: Lines) -> None:
    assert "503 555 0142" in text_of(ask(ana, "contact_point_edit", pk=cleo.pk, point=phone.pk))
    assert ask(ana, "contact_point_edit", {"address": "503 555 0143", "kind": "mail"}, pk=cleo.pk, point=phone.pk).status_code == 302
    now = again(ana, phone)
    assert (now.address, now.kind, now.may_contact, now.safe_to_leave_message) == ("503 555 0143", "phone", False, False)
    assert lines(part="change_contact_point", client_id=cleo.pk)
    assert cleo.code not in text_of(ask(ana, "client_search", {"words": "5035550142"}))


def test_attack_05_nobody_else_changes_it(
    ben: User, former: User, sofia: User, ana: User, cleo: Client, phone: ContactPoint, ask: Ask
) -> None:
    for user in (ben, former, sofia):
        assert ask(user, "contact_point_edit", {"address": "mine"}, pk=cleo.pk, point=phone.pk).status_code == 404
    assert again(ana, phone).address == "503 555 0142"


def test_attack_02_an_address_is_looked_up_through_its_client(
    ben: User, ana: User, bens_client: Client, phone: ContactPoint, ask: Ask, lines: Lines
) -> None:
    for name in ("contact_point_edit", "contact_point_remove"):
        assert ask(ben, name, pk=bens_client.pk, point=phone.pk).status_code == 404
        assert ask(ben, name, {"address": "mine"}, pk=bens_client.pk, point=phone.pk).status_code == 404
    assert again(ana, phone).address == "503 555 0142"


@pytest.mark.parametrize(
    "wrong", [{"address": ""}, {"address": "\x00"}, {"safe_to_leave_message": "on", "address": "1"}, {"label": "x" * 61, "address": "1"}]
)
def test_bad_input_changes_nothing(wrong: dict[str, str], ana: User, cleo: Client, phone: ContactPoint, ask: Ask) -> None:
    assert ask(ana, "contact_point_edit", wrong, pk=cleo.pk, point=phone.pk).status_code == 422
    assert again(ana, phone).address == "503 555 0142"
