"""Your papers: what is asked of whom, in words, and of nobody else's."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from audit import clock
from clients import actions as clients
from clients.models import Client
from consent import access, actions
from consent.actions.asking import Named
from consent.models import Signer
from practice.models import User
from tests.cast import SignIn, acting

from .papers import asked, form_in_force, signed_by
from .portal import at_portal, parent

URL = reverse("paper_list")


def test_each_paper_stands_under_its_state(cleo: Client, ana: User, portal_cleo: User, browser_of: SignIn) -> None:
    waiting = asked(cleo, ana, form_in_force(title="Counseling agreement"))
    taken_back = asked(cleo, ana, form_in_force(title="Agreement taken back"))
    signed_by(portal_cleo, asked(cleo, ana, form_in_force(title="Agreement in force")))
    signed_by(portal_cleo, taken_back)
    with acting(portal_cleo):
        actions.withdraw(access.own_signers(portal_cleo).get(request=taken_back), by=portal_cleo)
    page = browser_of(portal_cleo).get(URL).content.decode()
    order = [page.index(words) for words in ("Counseling agreement", "Agreement in force", "Agreement taken back")]
    assert order == sorted(order)
    assert page.index("To read and sign") < page.index("Active") < page.index("Taken back")
    assert str(waiting.pk) not in page  # a signer's own row is what they open


def test_nothing_asked_is_said(portal_cleo: User, browser_of: SignIn) -> None:
    assert "No papers yet" in browser_of(portal_cleo).get(URL).content.decode()


def test_those_one_stands_for_stand_apart(mia: Client, ana: User, browser_of: SignIn) -> None:
    user, row = parent(mia, "Paula Aldana", ana)
    asked(mia, ana, form_in_force(), Named(mia, Signer.Capacity.GUARDIAN, row))
    page = browser_of(user).get(URL).content.decode()
    assert "For <bdi>Mia Aldana</bdi>" in page
    assert "Your own papers" not in page


def test_attack_54_separated_parents_see_their_own_papers_and_never_each_other(mia: Client, ana: User, browser_of: SignIn) -> None:
    (paula, mother), (otis, father) = parent(mia, "Paula Aldana", ana), parent(mia, "Otis Farrow", ana)
    named = [Named(mia, Signer.Capacity.GUARDIAN, row) for row in (mother, father)]
    request = asked(mia, ana, form_in_force(), *named)
    signed_by(paula, request, name="Paula Aldana", relationship="mother")
    with acting(otis):
        theirs = access.own_signers(otis).get()
        assert not theirs.request.signers.exclude(pk=theirs.pk).exists()  # the database, too, shows him himself alone
    browser = browser_of(otis)
    pages = [browser.get(url).content.decode() for url in (URL, reverse("paper_read", args=[theirs.pk]))]
    assert all("Paula" not in page and "mother" not in page for page in pages)
    assert "To read and sign" in pages[0]
    hers = browser_of(paula).get(URL).content.decode()
    assert "Signed by you" in hers
    assert "Farrow" not in hers
    with acting(paula):
        signer, signature = access.own_signers(paula).get(), access.own_signatures(paula).get()
    for name in ("paper_read", "paper_sign", "paper_decline", "paper_withdraw", "paper_done", "paper_agree", "paper_sample"):
        assert browser.get(reverse(name, args=[signer.pk])).status_code == 404, name
    assert browser.get(reverse("paper_copy", args=[signature.pk])).status_code == 404


def test_attack_54_a_guardian_who_lost_authority_reads_and_signs_no_more(mia: Client, ana: User, browser_of: SignIn) -> None:
    ends = clock.now() + datetime.timedelta(days=3)
    user, row = parent(mia, "Paula Aldana", ana, until=ends)
    asked(mia, ana, form_in_force(), Named(mia, Signer.Capacity.GUARDIAN, row))
    browser = at_portal(browser_of, user)
    with acting(user):
        signer = access.own_signers(user).get()
    assert browser.get(reverse("paper_read", args=[signer.pk])).status_code == 200
    with clock.at(ends + datetime.timedelta(minutes=1)):
        again = at_portal(browser_of, user)
        for name in ("paper_read", "paper_sign"):
            assert again.get(reverse(name, args=[signer.pk])).status_code == 404
            assert again.post(reverse(name, args=[signer.pk])).status_code == 404


def test_a_member_of_a_couple_signs_for_themself_and_sees_nothing_of_the_other(
    cleo: Client, ana: User, portal_cleo: User, bens_client: Client, browser_of: SignIn
) -> None:
    with acting(ana):
        couple = clients.take_in(by=ana, counselor=ana, kind="couple", given_name="The", family_name="Couplings")
        clients.join_unit(couple, cleo, by=ana)
    other = Named(bens_client, Signer.Capacity.MEMBER)
    request = asked(couple, ana, form_in_force(title="Couple agreement"), Named(cleo, Signer.Capacity.MEMBER), other)
    browser = browser_of(portal_cleo)
    assert "Couple agreement" in browser.get(URL).content.decode()
    with acting(portal_cleo):
        signer = access.own_signers(portal_cleo).get(request=request)
    page = browser.get(reverse("paper_read", args=[signer.pk]))
    assert page.status_code == 200
    assert "Ferreira" not in page.content.decode()


@pytest.mark.parametrize("who", ["ana", "dee", "ada"])
def test_staff_have_no_such_page(who: str, request: pytest.FixtureRequest, browser_of: SignIn) -> None:
    assert browser_of(request.getfixturevalue(who)).get(URL).status_code == 404
