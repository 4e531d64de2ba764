"""Reading clause by clause, and asking: a question is pinned to its clause and holds the signature (IC-21)."""

from __future__ import annotations

import pytest
from django.test import Client as Browser
from django.urls import reverse

from audit.models import Event
from clients.models import Client
from consent import access, actions
from consent.actions.asking import Named, Sending
from consent.models import Form, NoticeDelivery, Request, Signer, Step, Version
from practice.models import User
from tests.cast import SignIn, acting

from .papers import CONSENT, asked, form_in_force, signed_by
from .portal import ANSWER, answered, ask, at_portal, parent, read, ready, signature, signer_of


@pytest.fixture
def paper(cleo: Client, ana: User, portal_cleo: User) -> Request:
    return asked(cleo, ana, form_in_force())


@pytest.fixture
def browser(portal_cleo: User, browser_of: SignIn) -> Browser:
    return at_portal(browser_of, portal_cleo)


def url(signer: Signer) -> str:
    return reverse("paper_read", args=[signer.pk])


def test_each_clause_is_an_article_with_its_own_question(paper: Request, portal_cleo: User, browser: Browser) -> None:
    page = browser.get(url(signer_of(portal_cleo))).content.decode()
    assert page.count('<article class="clause') == 4  # the beginning and three clauses
    assert page.count("I have a question about this") == 4
    assert "Ana Reyes, LPC-A" in page
    assert "<strong>listen</strong>" in page
    assert 'href="#clause-limits"' in page
    assert "Marchetti" not in page.split("<title>")[1].split("</title>")[0]


def test_opening_is_noted_once_and_tells_that_questions_were_offered(paper: Request, portal_cleo: User, browser: Browser) -> None:
    signer = signer_of(portal_cleo)
    browser.get(url(signer))
    with acting(portal_cleo):
        assert not Step.objects.filter(signer=signer).exists()  # looking is told on the trail; the button is what counts as opening
        assert Event.objects.filter(part="paper_read", act="read").count() == 1
    read(browser, signer)
    read(browser, signer)
    with acting(portal_cleo):
        assert [step.what for step in Step.objects.filter(signer=signer)] == ["presented", "questions_offered"]


def test_ic_21_a_question_is_asked_answered_and_only_then_signed(paper: Request, ana: User, portal_cleo: User, browser: Browser) -> None:
    signer = ready(browser, portal_cleo)
    answer = ask(browser, signer)
    assert answer["Location"].endswith("#clause-limits")
    page = browser.get(url(signer)).content.decode()
    assert "Your question comes first" in page
    assert "IC-21" in page
    assert page.index("There are limits") < page.index("Tarifa") < page.index("What now?")
    held = browser.post(reverse("paper_sign", args=[signer.pk]), signature(signer))
    assert held.status_code == 422
    assert "Your question has not been answered yet" in held.content.decode()
    assert browser.get(reverse("paper_sign", args=[signer.pk]))["Location"] == url(signer)
    answered(portal_cleo, ana)
    assert ANSWER in browser.get(url(signer)).content.decode()
    assert browser.post(reverse("paper_sign", args=[signer.pk]), signature(signer)).status_code == 302


def test_ic_21_whoever_asked_says_that_it_is_settled(paper: Request, portal_cleo: User, browser: Browser) -> None:
    signer = ready(browser, portal_cleo)
    ask(browser, signer)
    with acting(portal_cleo):
        question = signer.questions.get()
    assert browser.post(url(signer), {"act": "settle", "question": str(question.pk)}).status_code == 302
    assert "Settled, you said" in browser.get(url(signer)).content.decode()
    assert browser.post(reverse("paper_sign", args=[signer.pk]), signature(signer)).status_code == 302


def test_a_question_sent_twice_is_asked_once(paper: Request, portal_cleo: User, browser: Browser) -> None:
    signer = signer_of(portal_cleo)
    ask(browser, signer)
    ask(browser, signer)
    with acting(portal_cleo):
        assert signer.questions.count() == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "Write your question"), ("a\0b", "Null characters"), ("x" * 4001, "at most 4000"), (" \n ", "Write your question")],
)
def test_a_question_that_is_none_is_said_beside_its_clause_and_kept(
    text: str, words: str, paper: Request, portal_cleo: User, browser: Browser
) -> None:
    signer = signer_of(portal_cleo)
    answer = ask(browser, signer, text)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert page.count('<details class="ask" open>') == 1
    assert text.strip("\0 \n")[:1] in page
    with acting(portal_cleo):
        assert not signer.questions.exists()


def test_a_question_of_another_signer_is_not_there(
    paper: Request, portal_cleo: User, browser: Browser, mia: Client, ana: User, browser_of: SignIn
) -> None:
    ask(browser, signer_of(portal_cleo))
    user, row = parent(mia, "Paula Aldana", ana)
    asked(mia, ana, form_in_force(), Named(mia, Signer.Capacity.GUARDIAN, row))
    with acting(ana):
        question = access.open_questions(ana).get()
    hers, theirs = url(signer_of(user)), at_portal(browser_of, user)
    for ident in (str(question.pk), "nonsense", ""):
        assert theirs.post(hers, {"act": "settle", "question": ident}).status_code == 404
    assert "Tarifa" not in theirs.get(hers).content.decode()


def test_attack_67_what_a_client_asks_is_text_for_both_sides(
    paper: Request, ana: User, portal_cleo: User, browser: Browser, browser_of: SignIn
) -> None:
    signer = signer_of(portal_cleo)
    ask(browser, signer, "<script>alert(1)</script><img src=x onerror=alert(1)>")
    with acting(ana):
        question = access.open_questions(ana).get()
    for page in (browser.get(url(signer)), browser_of(ana).get(reverse("question_answer", args=[question.pk]))):
        assert "&lt;script&gt;alert(1)" in page.content.decode()
        assert "<img src=x" not in page.content.decode()


def test_attack_47_what_is_taken_back_meanwhile_is_said_and_what_was_typed_is_kept(
    paper: Request, ana: User, portal_cleo: User, browser: Browser
) -> None:
    signer = signer_of(portal_cleo)
    with acting(ana):
        actions.cancel(paper, by=ana)
    page = browser.get(url(signer)).content.decode()
    assert "This paper is closed" in page
    assert "I have a question about this" not in page
    answer = ask(browser, signer)
    assert answer.status_code == 422
    assert "already signed or closed" in answer.content.decode()


def test_what_changed_since_one_signed_stands_above(cleo: Client, ana: User, portal_cleo: User, browser: Browser) -> None:
    version = form_in_force()
    first = asked(cleo, ana, version)
    signed_by(portal_cleo, first)
    newer = Version.objects.get(pk=version.pk)
    newer.pk, newer.number, newer.state, newer.in_force_at, newer._state.adding = None, 2, "approved", None, True
    newer.text = CONSENT.replace("There are limits, by law.", "There are narrow limits, by law.")
    newer.pk = type(version)._meta.pk.get_default()
    newer.save(force_insert=True)
    Version.objects.filter(pk=version.pk).update(state="superseded", superseded_at=version.in_force_at)
    Version.objects.filter(pk=newer.pk).update(state="in_force", in_force_at=version.in_force_at)
    second = asked(cleo, ana, Version.objects.get(pk=newer.pk), sending=Sending(replaces=first))
    with acting(portal_cleo):
        signer = access.own_signers(portal_cleo).get(request=second)
    page = browser.get(url(signer)).content.decode()
    assert "What changed since you signed" in page
    changed = page.split("What changed since you signed")[1].split("</section>")[0]
    assert "Limits" in changed
    assert "Supervision" not in changed


def test_npp_1_opening_the_notice_is_its_delivery_and_signing_it_the_acknowledgment(
    cleo: Client, ana: User, portal_cleo: User, browser: Browser
) -> None:
    asked(cleo, ana, form_in_force(Form.Kind.NOTICE, title="Notice of privacy practices"))
    signer = ready(browser, portal_cleo)
    read(browser, signer)
    with acting(ana):
        assert [row.status for row in NoticeDelivery.objects.all()] == ["delivered"]
    browser.post(reverse("paper_sign", args=[signer.pk]), signature(signer))
    with acting(ana):
        assert [row.status for row in NoticeDelivery.objects.order_by("at")] == ["delivered", "acknowledged"]
