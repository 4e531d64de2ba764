"""Giving a client to another counselor: the old one loses everything at once."""

from __future__ import annotations

import pytest
from django.urls import reverse

from clients import actions
from clients.access import care_team
from clients.models import Client
from practice.models import User
from tests.cast import SignIn, acting

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db

PAGES = ("client_detail", "client_contacts", "client_team", "client_access", "client_edit", "session_list")


def body(to: User, client: Client, **more: str) -> dict[str, str]:
    return {"person": str(to.pk), "reason": "wish", "confirm": client.code} | more


def test_it_says_first_who_loses_access(ana: User, ben: User, cleo: Client, ask: Ask) -> None:
    page = text_of(ask(ana, "client_transfer", pk=cleo.pk))
    assert "Who has access now" in page
    for name in ("Ana Reyes", "Sofia Lindqvist"):
        assert name in page
    assert "Who loses access" in text_of(ask(ana, "client_transfer", body(ben, cleo, confirm="wrong"), pk=cleo.pk))


@pytest.mark.parametrize("who", ["ana", "ada"])
def test_the_new_counselor_has_it_and_everybody_else_of_the_team_has_not(
    who: str, request: pytest.FixtureRequest, ana: User, ben: User, sofia: User, cleo: Client, ask: Ask, lines: Lines
) -> None:
    user = request.getfixturevalue(who)
    assert ask(user, "client_transfer", body(ben, cleo), pk=cleo.pk).status_code == 302
    assert ask(ben, "client_detail", pk=cleo.pk).status_code == 200
    with acting(ben):
        assert [(grant.user_id, grant.role_word, grant.reason) for grant in care_team(cleo)] == [(ben.pk, "counselor", "wish")]
    for lost in (ana, sofia):
        assert {ask(lost, name, pk=cleo.pk).status_code for name in PAGES} == {404}
    told = {(line.part, line.what_id) for line in lines(client_id=cleo.pk, actor_id=user.pk, act="change")}
    assert {("assign_counsel", ben.pk), ("end_counsel", ana.pk), ("end_supervise", sofia.pk), ("transfer", cleo.pk)} <= told


def test_attack_16_an_open_page_of_the_old_counselor_saves_nothing(
    ana: User, ada: User, ben: User, cleo: Client, browser_of: SignIn, ask: Ask
) -> None:
    browser = browser_of(ana)
    with acting(ana):
        phone = cleo.contact_points.get(kind="phone").pk
    open_pages = [
        (reverse("client_edit", kwargs={"pk": cleo.pk}), {"given_name": "Old", "family_name": "Counselor"}),
        (reverse("client_status", kwargs={"pk": cleo.pk}), {"status": "archived"}),
        (reverse("contact_point_edit", kwargs={"pk": cleo.pk, "point": phone}), {"address": "old"}),
        (reverse("contact_point_new", kwargs={"pk": cleo.pk}), {"kind": "post", "address": "old"}),
        (reverse("client_transfer", kwargs={"pk": cleo.pk}), body(ana, cleo)),
        (reverse("client_assign", kwargs={"pk": cleo.pk}), {"person": str(ana.pk)}),
    ]
    for url, _ in open_pages:
        assert browser.get(url).status_code == 200
    assert ask(ada, "client_transfer", body(ben, cleo), pk=cleo.pk).status_code == 302
    for url, data in open_pages:
        assert browser.post(url, data).status_code == 404
    assert "Marchetti" not in browser.get(reverse("client_list")).content.decode()
    assert "Marchetti" not in browser.post(reverse("client_search"), {"words": "marchetti"}).content.decode()
    with acting(ben):
        now = Client.objects.get(pk=cleo.pk)
        assert (now.legal_name, now.status, now.contact_points.count()) == ("Cleopatra Marchetti", "intake", 2)


def test_given_back_the_old_counselor_has_it_again_from_that_day(ana: User, ben: User, cleo: Client, ask: Ask) -> None:
    assert ask(ana, "client_transfer", body(ben, cleo), pk=cleo.pk)["Location"] == reverse("client_list")
    assert ask(ben, "client_transfer", body(ana, cleo), pk=cleo.pk).status_code == 302
    assert ask(ana, "client_detail", pk=cleo.pk).status_code == 200
    assert ask(ben, "client_detail", pk=cleo.pk).status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"confirm": ""}, {"confirm": "amber-heron-1"}, {"confirm": "\x00"}, {"reason": "mood"}, {"reason": ""}, {"person": "x"}]
)
def test_without_code_person_or_reason_nothing_happens(wrong: dict[str, str], ana: User, ben: User, cleo: Client, ask: Ask) -> None:
    assert ask(ana, "client_transfer", body(ben, cleo) | wrong, pk=cleo.pk).status_code == 422
    assert ask(ana, "client_detail", pk=cleo.pk).status_code == 200
    assert ask(ben, "client_detail", pk=cleo.pk).status_code == 404


def test_the_code_may_be_typed_in_capitals(ana: User, ben: User, cleo: Client, ask: Ask) -> None:
    assert ask(ana, "client_transfer", body(ben, cleo, confirm=f" {cleo.code.upper()} "), pk=cleo.pk).status_code == 302


def test_attack_11_nobody_on_the_deny_list_receives_a_client(ana: User, ben: User, cleo: Client, ask: Ask) -> None:
    with acting(ana):
        actions.deny(cleo, ben, by=ana, reason="Her brother.")
    assert ask(ana, "client_transfer", body(ben, cleo), pk=cleo.pk).status_code == 422
