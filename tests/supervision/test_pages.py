"""Pages for a consultant of outside: words told another way, opened once, and nothing in mail or page that tells who it is."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse

from audit import clock
from clients import actions as clients
from clients.access import live_grants
from clients.models import Client
from practice.models import Notice, User
from supervision import access, actions
from supervision.models import Advice, Consultation, OutsidePage
from tests.cast import acting, write_note
from tests.clients.conftest import Ask, text_of

from .consulting import recorded

SAID = "Cleo Marchetti, of the lilac quarry, came with her sister."


@pytest.fixture
def asked(ana: User, cleo: Client) -> Consultation:
    """A lawyer is asked about one note, under another name."""
    note = write_note(ana, cleo, signed=True, text=SAID)
    with acting(ana):
        question = actions.Asked(None, "What would you ask Cleo next?", [note.pk], 7, "lawyer", "Roa, attorney")
        view = actions.begin(cleo, question, by=ana)
        found = actions.findings(view, ana)
        actions.settle(view, [actions.Settled(at, place, instead="[x]") for at, place in found], by=ana)
        return actions.share(view, by=ana)


@pytest.fixture
def linked(asked: Consultation, ana: User) -> actions.Linked:
    with acting(ana):
        return actions.make_page(asked, days=3, mail="roa@law.test", by=ana)


def address(linked: actions.Linked) -> str:
    return reverse("page_open", args=[linked.url.rstrip("/").rsplit("/", 1)[-1]])


def reader_of(page: str) -> str:
    return page.split('name="reader" value="')[1].split('"')[0]


def test_it_opens_once_and_takes_the_advice(linked: actions.Linked, ana: User, cleo: Client, ask: Ask) -> None:
    browser, url = Browser(), address(linked)
    asks = browser.get(url)
    assert (asks.status_code, asks["Cache-Control"]) == (200, "no-store")
    assert browser.post(url, {"words": "cedar cedar cedar"}).status_code == 422
    page = browser.post(url, {"words": linked.words.upper()})
    shown = text_of(page)
    assert (page.status_code, page["Cache-Control"], "lilac quarry" in shown) == (200, "no-store", True)
    assert not [word for word in ("Cleo", "Marchetti", cleo.code, str(cleo.pk)) if word in shown]
    assert Browser().post(url, {"words": linked.words}).status_code == 422  # a second time, from wherever
    reader = reader_of(shown)
    empty = browser.post(url, {"reader": reader, "text": " "})
    assert (empty.status_code, "lilac quarry" in text_of(empty)) == (422, True)
    assert browser.post(url, {"reader": reader[::-1], "text": "Mine"}).status_code == 410
    assert "Thank you" in text_of(browser.post(url, {"reader": reader, "text": "Ask her about the kiln."}))
    again = browser.post(url, {"reader": reader, "text": "And the kite."})
    assert (again.status_code, "And the kite." in text_of(again)) == (410, True)
    with acting(ana):
        (advice,) = Advice.objects.all()
        assert (advice.text, advice.from_themself()) == ("Ask her about the kiln.", True)
    assert "They have advised you" in text_of(ask(ana, "home"))


def test_t35_the_mail_says_nothing_of_a_client_and_not_the_words(linked: actions.Linked, ana: User) -> None:
    with acting(ana):
        mail = Notice.objects.get(kind="question")
        said = f"{mail.subject} {mail.body}"
    for word in ("Cleo", "Roa", "counsel", "client", "therapy", "health", *linked.words.split()):
        assert word.casefold() not in said.casefold().replace(linked.url.casefold(), "")


@pytest.mark.parametrize("ends", ["time", "stopped", "decided", "left", "denied", "tries"])
def test_attack_16_it_opens_nothing_once_anything_it_stands_on_has_ended(
    ends: str, linked: actions.Linked, asked: Consultation, ana: User, ben: User, ada: User, cleo: Client
) -> None:
    with acting(ana):
        if ends == "stopped":
            actions.stop_page(access.open_pages(ana).get(), by=ana)
        elif ends == "decided":
            actions.advise(asked, "By phone: wait.", by=ana)
            actions.decide(asked, "Wait", "He said so", by=ana)
        elif ends == "tries":
            OutsidePage.objects.update(tries=5)
        elif ends == "denied":
            clients.deny(cleo, ana, by=ana, reason="Her cousin.")
    if ends == "left":
        with acting(ada):
            clients.assign(cleo, ben, by=ada)
            clients.end_grant(live_grants(["counsel"]).filter(content_object=cleo.pk, user=ana).get(), by=ada)
    later = datetime.timedelta(days=3, minutes=1) if ends == "time" else datetime.timedelta()
    with clock.at(clock.now() + later):
        assert Browser().post(address(linked), {"words": linked.words}).status_code == 422


def test_a_page_that_ends_while_it_is_open_keeps_what_was_typed_on_the_screen(linked: actions.Linked, ana: User) -> None:
    browser, url = Browser(), address(linked)
    reader = reader_of(text_of(browser.post(url, {"words": linked.words})))
    with acting(ana):
        actions.stop_page(access.open_pages(ana).get(), by=ana)
    answer = browser.post(url, {"reader": reader, "text": "Ask about the <b>kiln</b>."})
    assert (answer.status_code, "&lt;b&gt;kiln" in text_of(answer)) == (410, True)


def test_attack_86_it_is_made_with_a_fresh_confirmation_and_its_words_are_shown_once(
    ana: User, cleo: Client, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = recorded(cleo, ana)
    monkeypatch.setattr("practice.factors.is_fresh", lambda request: False)
    away = ask(ana, "page_make", {"mail": "", "days": "3"}, pk=row.pk)["Location"]
    assert away.startswith("/accounts/reauthenticate/")
    monkeypatch.setattr("practice.factors.is_fresh", lambda request: True)
    assert ask(ana, "page_make", {"mail": "x", "days": "99"}, pk=row.pk).status_code == 422
    page = text_of(ask(ana, "page_make", {"mail": "", "days": "3"}, pk=row.pk))
    assert "/question/" in page
    with acting(ana):
        made = OutsidePage.objects.get()
    assert ask(ana, "page_stop", {}, pk=made.pk).status_code == 302
    assert "Over" in text_of(ask(ana, "consultation_detail", pk=row.pk))
