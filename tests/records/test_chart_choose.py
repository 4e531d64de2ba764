"""Choosing a part of a record for paper: nothing is opened, nothing leaves, and nobody gets everything by not looking."""

from __future__ import annotations

from audit.models import Act
from clients.models import Client
from practice.models import User
from records.models import Note
from tests.cast import PRIVATE, SECRET, SignIn

from .hands import lines, page, words
from .papers import fresh_proof
from .test_chart_pdf import checked, choice


def test_attack_86_an_old_sign_in_is_asked_to_confirm_first(ana: User, cleo: Client, signed: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    answer = browser.get(page("chart_choose", cleo.pk))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    for name in ("chart_pdf", "chart_print"):
        answer = browser.post(page(name, cleo.pk), choice())
        assert (answer.status_code, answer["Location"]) == (302, page("chart_choose", cleo.pk))


def test_the_form_opens_no_note_and_chooses_none(ana: User, sofia: User, cleo: Client, psychotherapy: Note, browser_of: SignIn) -> None:
    with fresh_proof():
        for person in (ana, sofia):
            answer = browser_of(person).get(page("chart_choose", cleo.pk))
            text = words(answer)
            assert checked(answer) == ["sessions"]
            assert 'value="psychotherapy"' not in text
            assert SECRET not in text
            assert PRIVATE not in text
            assert lines(person, Act.EXPORT, "chart_choose") == 0
            assert lines(person, Act.READ, "chart_choose") == 1


def test_the_tab_leads_there(ana: User, sofia: User, cleo: Client, browser_of: SignIn) -> None:
    for person in (ana, sofia):
        assert page("chart_choose", cleo.pk) in words(browser_of(person).get(page("session_list", cleo.pk)))
