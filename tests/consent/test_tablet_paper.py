"""A paper signed in person on a device that was handed over: it shows that paper, and nothing else of the house."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.test import Client as Browser
from django.urls import reverse

from audit import clock
from clients.models import Client
from consent.evidence import broken_at
from consent.models import Ending, Question, Request, Signature
from practice.models import User
from tests.cast import SignIn, acting
from tests.records.hands import page, turned_away, words

from .papers import CHECK, CONSENT, asked, form_in_force


@pytest.fixture
def paper(cleo: Client, ana: User) -> Request:
    return asked(cleo, ana, form_in_force(text=CONSENT + CHECK))


@pytest.fixture
def device(ana: User, paper: Request, browser_of: SignIn) -> Browser:
    """Ana's browser, handed over."""
    browser = browser_of(ana)
    assert browser.post(page("tablet_hand_over", paper.pk)).url == reverse("tablet_paper")
    return browser


def sign_page(paper: Request, ana: User) -> str:
    with acting(ana):
        return reverse("tablet_sign", args=[paper.signers.get().pk])


def test_only_the_counselor_hands_over_and_the_page_is_nobodys_otherwise(
    ana: User, sofia: User, dee: User, paper: Request, browser_of: SignIn
) -> None:
    for person in (sofia, dee):
        turned_away(browser_of(person), person, "tablet_hand_over", paper.pk, {})
    for browser in (Browser(), browser_of(ana)):
        assert browser.get(reverse("tablet_paper")).status_code == 404
        assert browser.get(sign_page(paper, ana)).status_code == 404


def test_the_device_opens_this_paper_and_nothing_else_until_the_counselor_signs_in(
    device: Browser, ana: User, cleo: Client, paper: Request
) -> None:
    other = asked(cleo, ana, form_in_force(title="Another"))
    assert "Cleo" in words(device.get(reverse("tablet_paper")))
    assert device.get(sign_page(other, ana)).status_code == 404
    for path in ("/", page("client_detail", cleo.pk), page("consent_detail", paper.pk), reverse("client_list")):
        answer = device.get(path)
        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]


def test_a_paper_is_asked_about_and_signed_in_person(device: Browser, ana: User, paper: Request) -> None:
    path, shown = sign_page(paper, ana), bytes(paper.shown_hash).hex()
    seen = words(device.get(path))
    assert "There are limits, by law." in seen
    device.post(path, {"act": "ask", "anchor": "limits", "ident": str(uuid.uuid4()), "text": "Who hears of the heron?"})
    given = {"shown": shown, "version": "0", "name": "Cleo Marchetti", "voluntary": "on", "answer-who-reads": ["0"], "drawing": ""}
    held = device.post(path, given)
    assert held.status_code == 422
    assert "IC-21" in words(held)
    with acting(ana):
        question = Question.objects.get()
        assert question.text == "Who hears of the heron?"
        from consent.actions import answer, settle  # the counselor answers on their own device

        answer(question, "Only the care team.", by=ana)
        settle(question, by=ana)
    assert device.post(path, given | {"name": " "}).status_code == 422
    assert device.post(path, given | {"teach_back": "It stays between us."}).status_code == 302
    assert "give the device back" in words(device.get(reverse("tablet_paper")))
    with acting(ana):
        signature = Signature.objects.get()
        assert (signature.method, signature.user, signature.witnessed_by) == ("in_person", None, ana)
        assert signature.understanding["teach_back"] == "It stays between us."
        assert Request.objects.get(pk=paper.pk).active_from
        assert broken_at(paper, paper.signers.get()) == 0


def test_i_do_not_agree_is_said_on_the_device_and_leaving_it_still_needs_the_counselor(device: Browser, ana: User, paper: Request) -> None:
    path = sign_page(paper, ana)
    declining = path + "no/"
    assert declining in words(device.get(path))
    assert Browser().get(declining).status_code == 404
    assert "Do you want to say why?" in words(device.get(declining))
    assert device.post(declining, {"reason": "x" * 4001}).status_code == 422
    assert device.post(declining, {"reason": "The teal form frightens me."}).status_code == 302
    seen = words(device.get(reverse("tablet_paper")))
    assert "give the device back" in seen
    assert "Read and sign" not in seen
    assert "teal form" not in seen
    for again in (path, declining):  # pressed twice, or gone back to
        assert device.get(again).status_code == 302
    assert "/accounts/login/" in device.get("/")["Location"]
    with acting(ana):
        assert Request.objects.get(pk=paper.pk).ended_as == "declined"
        assert Ending.objects.get().reason == "The teal form frightens me."
        assert broken_at(paper, paper.signers.get()) == 0


def test_after_half_an_hour_the_device_shows_nothing(device: Browser, ana: User, paper: Request) -> None:
    with clock.at(clock.now() + datetime.timedelta(minutes=31)):
        assert device.get(sign_page(paper, ana)).status_code == 404
    assert device.get(reverse("tablet_paper")).status_code == 404


def test_who_no_longer_counsels_the_client_has_handed_over_nothing(device: Browser, ana: User, ben: User, cleo: Client) -> None:
    from clients import actions as clients  # the transfer happens elsewhere meanwhile

    with acting(ana):
        clients.transfer(cleo, to=ben, by=ana, reason="leaver")
    assert device.get(reverse("tablet_paper")).status_code == 404
