"""Before anybody signs on screen: six points, and a sample paper that could really be opened (ES-2 to ES-4)."""

from __future__ import annotations

import io

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pypdf import PdfReader

from clients.models import Client
from consent import law
from consent.models import ElectronicConsent, Signer
from consent.sample import WORDS, word_for
from practice.models import User
from tests.cast import SignIn, acting

from .papers import asked, form_in_force
from .portal import agree, at_portal, read, signature, signer_of


@pytest.fixture
def signer(cleo: Client, ana: User, portal_cleo: User) -> Signer:
    asked(cleo, ana, form_in_force())
    return signer_of(portal_cleo)


@pytest.fixture
def browser(portal_cleo: User, browser_of: SignIn, signer: Signer) -> Browser:
    browser = at_portal(browser_of, portal_cleo)
    read(browser, signer)
    return browser


def test_es_3_all_six_points_are_shown_and_the_word_is_not(signer: Signer, browser: Browser, portal_cleo: User) -> None:
    page = browser.get(reverse("paper_agree", args=[signer.pk])).content.decode()
    assert all(point.replace("'", "&#x27;") in page for point in law.disclosures().values())
    assert word_for(portal_cleo) not in page


def test_es_3_the_sample_is_a_real_pdf_that_shows_the_word(signer: Signer, browser: Browser, portal_cleo: User) -> None:
    answer = browser.get(reverse("paper_sample", args=[signer.pk]))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert word_for(portal_cleo) in text
    assert "Marchetti" not in text
    assert answer["Content-Type"] == "application/pdf"


def test_es_2_who_has_not_agreed_is_led_there_and_cannot_sign(signer: Signer, browser: Browser) -> None:
    page = reverse("paper_agree", args=[signer.pk])
    assert browser.get(reverse("paper_sign", args=[signer.pk]))["Location"] == page
    refused = browser.post(reverse("paper_sign", args=[signer.pk]), signature(signer))
    assert refused.status_code == 422
    assert page in refused.content.decode()


def test_the_right_word_is_taken_however_it_is_written_and_asked_for_once(signer: Signer, browser: Browser, portal_cleo: User) -> None:
    said = {"edition": law.edition(), "word": f" {word_for(portal_cleo).upper()}. ", "agree": "on"}
    assert browser.post(reverse("paper_agree", args=[signer.pk]), said)["Location"] == reverse("paper_sign", args=[signer.pk])
    assert browser.get(reverse("paper_agree", args=[signer.pk])).status_code == 302
    with acting(portal_cleo):
        agreed = ElectronicConsent.objects.get()
        assert sorted(agreed.disclosures) == sorted(law.disclosures())
        assert "typed the word" in agreed.demonstrated


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"word": "zeppelin"}, "ES-3"),
        ({"word": ""}, "Open the sample paper"),
        ({"agree": ""}, "Tick this if you want"),
        ({"edition": "1999-01"}, "ES-4"),
        ({"word": "a\0b"}, "Null characters"),
    ],
)
def test_es_3_anything_else_is_refused_in_words(
    change: dict[str, str], words: str, signer: Signer, browser: Browser, portal_cleo: User
) -> None:
    said = {"edition": law.edition(), "word": word_for(portal_cleo), "agree": "on"} | change
    answer = browser.post(reverse("paper_agree", args=[signer.pk]), said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ElectronicConsent.objects.exists()


def test_each_person_has_a_word_of_their_own_kind(portal_cleo: User, ana: User, ben: User, dee: User) -> None:
    words = [word_for(user) for user in (portal_cleo, ana, ben, dee)]
    assert set(words) <= set(WORDS)
    assert word_for(portal_cleo) == words[0]


def test_my_agreements_shows_it_and_ends_it(signer: Signer, browser: Browser, portal_cleo: User) -> None:
    agree(browser, signer, portal_cleo)
    with acting(portal_cleo):
        agreed = ElectronicConsent.objects.get()
    assert "You agreed on" in browser.get(reverse("my_agreements")).content.decode()
    assert browser.get(reverse("agreement_withdraw", args=[agreed.pk])).status_code == 200
    assert browser.post(reverse("agreement_withdraw", args=[agreed.pk])).status_code == 302
    assert "You have not agreed" in browser.get(reverse("my_agreements")).content.decode()
    assert browser.post(reverse("agreement_withdraw", args=[agreed.pk])).status_code == 404  # ended once, ended
    assert browser.get(reverse("paper_sign", args=[signer.pk]))["Location"] == reverse("paper_agree", args=[signer.pk])
