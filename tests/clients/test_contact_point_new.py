"""Another phone, mail or post address."""

from __future__ import annotations

import pytest

from clients.models import Client
from practice.models import User
from tests.cast import acting

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db

PHONE = {"kind": "phone", "address": "503 555 0177", "label": "work"}


def test_counselor_and_desk_add_it_and_nothing_is_permitted_unless_said(ana: User, dee: User, cleo: Client, ask: Ask, lines: Lines) -> None:
    assert ask(ana, "contact_point_new", PHONE, pk=cleo.pk).status_code == 302
    body = PHONE | {"kind": "post", "address": "2 Oak Ave", "may_contact": "on", "safe_to_leave_message": "on"}
    assert ask(dee, "contact_point_new", body, pk=cleo.pk).status_code == 302
    with acting(ana):
        points = {point.address: (point.may_contact, point.safe_to_leave_message) for point in cleo.contact_points.all()}
    assert points["503 555 0177"] == (False, False)
    assert points["2 Oak Ave"] == (True, True)
    assert [line.actor_id for line in lines(part="add_contact_point", client_id=cleo.pk)[:2]] == [dee.pk, ana.pk]
    assert cleo.code in text_of(ask(ana, "client_search", {"words": "5035550177"}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "fax"},
        {"address": ""},
        {"address": "a\x00"},
        {"address": "1" * 301},
        {"address": "x" * 1_000_000},
        {"kind": "mail", "address": "nobody"},
        {"safe_to_leave_message": "on"},
        {"kind": ""},
    ],
)
def test_bad_input_adds_nothing_and_keeps_what_was_typed(wrong: dict[str, str], ana: User, cleo: Client, ask: Ask) -> None:
    response = ask(ana, "contact_point_new", PHONE | {"label": "typed label"} | wrong, pk=cleo.pk)
    assert response.status_code == 422
    assert "typed label" in text_of(response)
    with acting(ana):
        assert cleo.contact_points.count() == 2


def test_attack_04_an_id_in_the_body_makes_no_update(ben: User, ana: User, cleo: Client, bens_client: Client, ask: Ask) -> None:
    with acting(ana):
        point = cleo.contact_points.get(kind="phone")
    body = PHONE | {"id": str(point.pk), "pk": str(point.pk), "client": str(cleo.pk), "client_id": str(cleo.pk)}
    assert ask(ben, "contact_point_new", body, pk=bens_client.pk).status_code == 302
    with acting(ana):
        assert cleo.contact_points.get(kind="phone").address == "503 555 0142"
    with acting(ben):
        assert bens_client.contact_points.count() == 1
