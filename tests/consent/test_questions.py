"""The staff's side of questions: the queue, home, and answering with the clause beside it."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from audit import clock
from audit.models import Event
from clients.models import Client
from consent import access
from consent.models import Question
from practice.models import User
from tests.cast import SignIn, acting

from .papers import asked, form_in_force
from .portal import ANSWER, QUESTION, ask, at_portal, signer_of

QUEUE = reverse("question_queue")
IDENT = "5f9b9f0e-0000-4000-8000-000000000002"


@pytest.fixture
def question(cleo: Client, ana: User, portal_cleo: User, browser_of: SignIn) -> Question:
    asked(cleo, ana, form_in_force())
    ask(at_portal(browser_of, portal_cleo), signer_of(portal_cleo))
    with acting(ana):
        return access.open_questions(ana).get()


def test_the_queue_and_home_show_that_somebody_waits_and_not_what_they_ask(question: Question, ana: User, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    for page in (browser.get(QUEUE).content.decode(), browser.get("/").content.decode()):
        assert "Consent to counseling" in page
        assert "Cleo Marchetti" in page
        assert "Tarifa" not in page
    with acting(ana):
        assert Question.objects.get().__dict__["text"] != QUESTION


def test_the_oldest_stands_first_and_a_late_one_says_so(question: Question, ana: User, browser_of: SignIn) -> None:
    with clock.at(clock.now() + datetime.timedelta(days=3)):
        assert "tone-warn" in browser_of(ana).get(QUEUE).content.decode().split("<main")[1]


def test_the_answer_stands_with_the_clause_and_reaches_whoever_asked(
    question: Question, ana: User, portal_cleo: User, browser_of: SignIn
) -> None:
    browser, url = browser_of(ana), reverse("question_answer", args=[question.pk])
    page = browser.get(url).content.decode()
    assert QUESTION in page
    assert "There are limits, by law." in page
    for _ in range(2):  # pressed twice
        assert browser.post(url, {"text": ANSWER, "ident": IDENT}).status_code == 302
    with acting(ana):
        assert question.answers.count() == 1
        assert Event.objects.filter(part="answer_question").count() == 1
    assert "No open questions" in browser.get(QUEUE).content.decode()
    assert ANSWER in browser.get(url).content.decode()  # a colleague who had it open sees that it is answered
    theirs = at_portal(browser_of, portal_cleo).get(reverse("paper_read", args=[signer_of(portal_cleo).pk])).content.decode()
    assert ANSWER in theirs
    assert "Ana Reyes" in theirs


@pytest.mark.parametrize(("text", "words"), [("", "Write what you would say."), ("a\0b", "Null characters"), ("x" * 4001, "at most 4000")])
def test_an_answer_that_is_none_is_said_and_kept(text: str, words: str, question: Question, ana: User, browser_of: SignIn) -> None:
    answer = browser_of(ana).post(reverse("question_answer", args=[question.pk]), {"text": text, "ident": IDENT})
    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.parametrize(("who", "status"), [("ana", 200), ("sofia", 200), ("ben", 404), ("dee", 404), ("ada", 404), ("portal_cleo", 404)])
def test_the_care_team_answers_and_nobody_else(
    who: str, status: int, question: Question, request: pytest.FixtureRequest, browser_of: SignIn
) -> None:
    browser = browser_of(request.getfixturevalue(who))
    url = reverse("question_answer", args=[question.pk])
    assert browser.get(url).status_code == status
    assert browser.post(url, {"text": ANSWER, "ident": IDENT}).status_code == (302 if status == 200 else 404)
    listed = browser.get(QUEUE)
    assert listed.status_code == (404 if who == "portal_cleo" else 200)
    assert status == 200 or "Marchetti" not in listed.content.decode().split("<main")[-1]
