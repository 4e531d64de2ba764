"""The pages of a transfer: the offer, the answer, and who sees what of it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from clients.access import care_team
from clients.models import Client, Codename
from practice.models import User
from records.models import Note
from tests.cast import SignIn, acting
from tests.clients.conftest import Ask, Lines, grant_of, text_of
from transfers.models import Transfer

from .conftest import WHY, Offered, today

pytestmark = pytest.mark.django_db

PAGES = ("client_detail", "client_contacts", "client_team", "client_access", "client_edit", "session_list")


def body(to: User, **more: object) -> dict[str, object]:
    said = {"person": str(to.pk), "ground": "wish", "reason": WHY, "parts": ["notes", "documents"], "ends_on": str(today())}
    return said | {"told": "told", "told_on": str(today()), "told_how": "remote", "told_words": ""} | more


def test_from_offer_to_acceptance_on_the_pages(
    ana: User, ben: User, sofia: User, cleo: Client, signed: Note, portal_cleo: User, ask: Ask, lines: Lines
) -> None:
    page = text_of(ask(ana, "transfer_new", pk=cleo.pk))
    assert reverse("release_begin", args=[cleo.pk]) in page  # to somebody outside it goes as a release
    assert "Psychotherapy notes never do" in page
    assert "Sofia Lindqvist" in page
    answer = ask(ana, "transfer_new", body(ben), pk=cleo.pk)
    with acting(ana):
        row = Transfer.objects.get()
    assert answer["Location"] == reverse("transfer_detail", kwargs={"pk": row.pk})
    assert cleo.code in text_of(ask(ben, "home"))
    offer = text_of(ask(ben, "transfer_detail", pk=row.pk))
    assert cleo.code in offer
    assert WHY in offer
    assert "Marchetti" not in offer
    assert "Cleo" not in offer
    assert {ask(ben, name, pk=cleo.pk).status_code for name in PAGES} == {404}
    assert ask(sofia, "transfer_accept", {}, pk=row.pk).status_code == 404
    assert ask(ana, "transfer_accept", {}, pk=row.pk).status_code == 404
    assert ask(ben, "transfer_accept", {}, pk=row.pk).status_code == 302
    assert "SOAP" not in text_of(ask(ben, "client_detail", pk=cleo.pk))
    team = text_of(ask(ben, "client_team", pk=cleo.pk))
    assert "wish" in team
    assert f"{today():%-d %b %Y}" in team
    told = {(line.part, line.what_id) for line in lines(client_id=cleo.pk, actor_id=ben.pk, act="change")}
    assert {("assign_counsel", ben.pk), ("date_counsel", ana.pk), ("date_supervise", sofia.pk), ("transfer", cleo.pk)} <= told
    portal = text_of(ask(portal_cleo, "portal_record", pk=cleo.pk))
    assert "Ben Okafor" in portal
    assert f"until {today():%-d %b %Y}" in portal
    with acting(ben):
        assert {grant.reason for grant in care_team(cleo) if grant.user_id == ben.pk} == {"wish"}


def test_declined_it_says_why_to_whoever_asked_and_leaves_the_receiver_nothing(
    ana: User, ben: User, cleo: Client, offered: Offered, ask: Ask
) -> None:
    row = offered()
    assert ask(ben, "transfer_decline", {"why": ""}, pk=row.pk).status_code == 422
    assert ask(ben, "transfer_decline", {"why": "The umber clock is full."}, pk=row.pk).status_code == 302
    assert "The umber clock is full." in text_of(ask(ana, "transfer_detail", pk=row.pk))
    assert ask(ben, "transfer_detail", pk=row.pk).status_code == 404
    assert ask(ana, "client_detail", pk=cleo.pk).status_code == 200


def test_an_admin_reads_a_transfer_by_code_alone_and_opens_what_it_left_shut(
    ana: User, ben: User, ada: User, cleo: Client, offered: Offered, ask: Ask
) -> None:
    row = offered(withheld=["notes"])
    assert ask(ada, "transfer_detail", pk=row.pk).status_code == 200
    assert ask(ada, "transfer_new", pk=cleo.pk).status_code == 404  # Ana is here
    assert ask(ben, "transfer_accept", {}, pk=row.pk).status_code == 302
    assert "without earlier notes" in text_of(ask(ana, "client_team", pk=cleo.pk))
    grant = grant_of(cleo, ben)
    assert ask(ana, "earlier_open", {"confirm": cleo.code}, pk=cleo.pk, grant=grant.pk).status_code == 404
    assert ask(ada, "earlier_open", {"confirm": "x"}, pk=cleo.pk, grant=grant.pk).status_code == 422
    assert ask(ada, "earlier_open", {"confirm": cleo.code}, pk=cleo.pk, grant=grant.pk).status_code == 302
    assert grant_of(cleo, ben, Codename.COUNSEL).withheld == []


def test_attack_16_an_open_page_of_the_old_counselor_saves_nothing_once_it_is_over(
    ana: User, ben: User, cleo: Client, browser_of: SignIn
) -> None:
    browser = browser_of(ana)
    urls = [reverse(name, kwargs={"pk": cleo.pk}) for name in ("client_edit", "client_status", "transfer_new", "client_assign")]
    assert {browser.get(url).status_code for url in urls} == {200}
    with acting(ana):
        from clients import actions  # the short way, as of a day that is over

        actions.transfer(cleo, to=ben, by=ana, reason="wish")
    assert {browser.post(url, {"given_name": "Old"}).status_code for url in urls} == {404}
    assert "Marchetti" not in browser.get(reverse("client_list")).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"ground": "mood"}, {"person": "x"}, {"ends_on": "\x00"}, {"reason": "\x00"}, {"parts": ["private"]}, {"told": ""}]
)
def test_without_person_reason_or_day_nothing_is_offered(wrong: dict[str, object], ana: User, ben: User, cleo: Client, ask: Ask) -> None:
    assert ask(ana, "transfer_new", body(ben, **wrong), pk=cleo.pk).status_code == 422
    with acting(ana):
        assert not Transfer.objects.exists()
