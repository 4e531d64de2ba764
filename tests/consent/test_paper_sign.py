"""Signing in the portal: what is asked, what is kept, what is refused in words, and that nothing typed is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from audit import clock
from clients.models import Client
from consent import access, law
from consent.actions.asking import Named
from consent.models import AnswerDraft, Request, Signature, Signer, Step
from consent.portal.signing import truncated
from practice.models import User
from tests.cast import SignIn, acting

from .papers import CHECK, CONSENT, asked, form_in_force
from .portal import QUESTIONNAIRE, agree, at_portal, parent, read, ready, signature, signer_of

OWN_PAGES = ("paper_read", "paper_sign", "paper_agree", "paper_done", "paper_decline", "paper_withdraw", "answers_save", "paper_sample")
WHY = "The slate ferry keeps me awake at night."


@pytest.fixture
def paper(cleo: Client, ana: User, portal_cleo: User) -> Request:
    return asked(cleo, ana, form_in_force())


@pytest.fixture
def browser(portal_cleo: User, browser_of: SignIn) -> Browser:
    return at_portal(browser_of, portal_cleo)


def url(signer: Signer, name: str = "paper_sign") -> str:
    return reverse(name, args=[signer.pk])


def signed(user: User) -> Signature:
    with acting(user):
        return access.own_signatures(user).get()


def test_es_1_the_page_says_what_pressing_means_and_signs_exactly_that(paper: Request, portal_cleo: User, browser: Browser) -> None:
    signer = ready(browser, portal_cleo)
    page = browser.get(url(signer)).content.decode()
    assert "By pressing “Sign” I sign this paper as it is shown above" in page
    assert page.index("There are limits, by law.") < page.index("By pressing “Sign”")
    answer = browser.post(
        url(signer), signature(signer, name="  Cleo Marchetti ", drawing="[[[0.1,0.2],[0.3,0.4]]]"), REMOTE_ADDR="203.0.113.77"
    )
    assert answer["Location"] == url(signer, "paper_done")
    kept = signed(portal_cleo)
    with acting(portal_cleo):
        assert (kept.name, kept.method, kept.address, kept.voluntary) == ("Cleo Marchetti", "password", "203.0.113.0", True)
        assert kept.drawing == "[[[0.1,0.2],[0.3,0.4]]]"
        assert bytes(kept.shown_hash) == bytes(paper.shown_hash)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Type your name to sign."),
        ({"name": "x" * 121}, "at most 120"),
        ({"name": "a\0b"}, "Null characters"),
        ({"voluntary": ""}, "of your own free will. If you do not"),
        ({"shown": "00" * 32}, "ES-6"),
        ({"drawing": "<svg onload=alert(1)>"}, "The drawing could not be read"),
        ({"drawing": json.dumps([[[2, 0]]])}, "The drawing could not be read"),
        ({"drawing": "[" * 50_000}, "The drawing could not be read"),
        ({"drawing": '{"a": 1}'}, "The drawing could not be read"),
        ({"drawing": "[[[NaN, 0]]]"}, "The drawing could not be read"),
    ],
)
def test_attack_44_what_is_missing_or_wrong_is_said_and_what_was_typed_is_kept(
    change: dict[str, str], words: str, paper: Request, portal_cleo: User, browser: Browser
) -> None:
    signer = ready(browser, portal_cleo)
    answer = browser.post(url(signer), signature(signer, name="Cleo the Brave") | change)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "name" in change or 'value="Cleo the Brave"' in page
    assert "<svg onload" not in page
    with acting(portal_cleo):
        assert not Signature.objects.exists()


def test_attack_48_pressing_twice_and_coming_back_keep_the_first_signature(paper: Request, portal_cleo: User, browser: Browser) -> None:
    signer = ready(browser, portal_cleo)
    for name in ("Cleo Marchetti", "Somebody Else"):
        assert browser.post(url(signer), signature(signer, name=name))["Location"] == url(signer, "paper_done")
    assert browser.get(url(signer))["Location"] == url(signer, "paper_done")
    with acting(portal_cleo):
        assert signed(portal_cleo).name == "Cleo Marchetti"
        assert [step.what for step in Step.objects.filter(signer=signer)].count("signed") == 1


def test_attack_47_what_has_expired_is_refused_in_words_with_the_name_kept(paper: Request, portal_cleo: User, browser_of: SignIn) -> None:
    signer = ready(at_portal(browser_of, portal_cleo), portal_cleo)
    assert paper.reply_by
    with clock.at(paper.reply_by):
        browser = at_portal(browser_of, portal_cleo)
        assert "The time to sign this paper is over" in browser.get(url(signer, "paper_read")).content.decode()
        answer = browser.post(url(signer), signature(signer, name="Cleo Late"))
        assert answer.status_code == 422
        assert "Ask the practice to send it again" in answer.content.decode()
        assert 'value="Cleo Late"' in answer.content.decode()


def test_attack_47_somebody_of_the_same_household_gets_nothing_with_the_link(
    paper: Request, portal_cleo: User, gus: User, browser: Browser, browser_of: SignIn
) -> None:
    signer = ready(browser, portal_cleo)
    other = at_portal(browser_of, gus)
    for name in (
        "paper_read",
        "paper_sign",
        "paper_agree",
        "paper_done",
        "paper_decline",
        "paper_withdraw",
        "answers_save",
        "paper_sample",
    ):
        for answer in (other.get(url(signer, name)), other.post(url(signer, name), signature(signer))):
            assert answer.status_code in (404, 405), name
            assert "Marchetti" not in answer.content.decode()
    with acting(portal_cleo):
        assert not Signature.objects.exists()


@pytest.mark.parametrize(
    ("records", "method"),
    [
        ([{"method": "password"}, {"method": "mfa", "type": "totp"}], "two_factors"),
        ([{"method": "mfa", "type": "webauthn", "passwordless": True}], "passkey"),
    ],
)
def test_es_5_how_somebody_showed_who_they_are_is_kept_as_it_was(
    records: list[dict[str, Any]], method: str, paper: Request, portal_cleo: User, browser_of: SignIn
) -> None:
    browser = at_portal(browser_of, portal_cleo, *records)
    signer = ready(browser, portal_cleo)
    browser.post(url(signer), signature(signer, method="in_person"))
    assert signed(portal_cleo).method == method


def test_es_5_a_session_that_nobody_signed_in_to_signs_nothing(paper: Request, portal_cleo: User, browser_of: SignIn) -> None:
    browser = browser_of(portal_cleo)
    signer = ready(browser, portal_cleo)
    answer = browser.post(url(signer), signature(signer))
    assert answer.status_code == 422
    assert "ES-5" in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "kept"),
    [("203.0.113.77", "203.0.113.0"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"), (None, ""), ("::1", "::")],
)
def test_an_address_is_kept_without_what_names_a_device(address: str | None, kept: str) -> None:
    assert truncated(address) == kept


def test_ic_22_the_check_is_answered_beside_its_clause(cleo: Client, ana: User, portal_cleo: User, browser: Browser) -> None:
    asked(cleo, ana, form_in_force(text=CONSENT + CHECK))
    signer = ready(browser, portal_cleo)
    for wrong in ({}, {"answer-who-reads": "1"}, {"answer-who-reads": ["0", "1"]}, {"answer-who-reads": "7"}):
        answer = browser.post(url(signer), signature(signer) | wrong)
        assert answer.status_code == 422
        assert "aria-invalid" in answer.content.decode()
    assert browser.post(url(signer), signature(signer) | {"answer-who-reads": "0"}).status_code == 302
    with acting(portal_cleo):
        assert signed(portal_cleo).understanding["answers"] == {"who-reads": ["The care team"]}


def test_later_papers_need_one_press_with_the_same_name(cleo: Client, ana: User, portal_cleo: User, browser: Browser) -> None:
    first, second = [asked(cleo, ana, form_in_force(title=title)) for title in ("First paper", "Second paper")]
    with acting(portal_cleo):
        one, two = [access.own_signers(portal_cleo).get(request=request) for request in (first, second)]
    read(browser, one)
    agree(browser, one, portal_cleo)
    browser.post(url(one), signature(one))
    done = browser.get(url(one, "paper_done")).content.decode()
    assert "Second paper" in done
    read(browser, two)  # the button on that page
    page = browser.get(url(two, "paper_read")).content.decode()
    assert "You sign as <strong><bdi>Cleo Marchetti</bdi></strong>" in page
    assert "of my own free will" in page
    assert browser.post(url(two), signature(two)).status_code == 302
    assert "That is all for now" in browser.get(url(two, "paper_done")).content.decode()


def test_a_name_is_never_carried_into_somebody_elses_session(cleo: Client, ana: User, portal_cleo: User, browser_of: SignIn) -> None:
    requests = [asked(cleo, ana, form_in_force(title=title)) for title in ("First paper", "Second paper")]
    with acting(portal_cleo):
        one, two = [access.own_signers(portal_cleo).get(request=request) for request in requests]
    browser = at_portal(browser_of, portal_cleo)
    read(browser, one)
    agree(browser, one, portal_cleo)
    browser.post(url(one), signature(one, name="Cleo Typed"))
    later = at_portal(browser_of, portal_cleo)
    read(later, two)
    assert "Cleo Typed" not in later.get(url(two, "paper_read")).content.decode()


def test_ic_24_who_signs_for_another_says_what_they_are_to_them(mia: Client, ana: User, browser_of: SignIn) -> None:
    user, row = parent(mia, "Paula Aldana", ana)
    asked(mia, ana, form_in_force(), Named(mia, Signer.Capacity.GUARDIAN, row))
    browser = at_portal(browser_of, user)
    signer = ready(browser, user)
    assert "You sign this for <strong><bdi>Mia Aldana" in browser.get(url(signer)).content.decode()
    answer = browser.post(url(signer), signature(signer, name="Paula Aldana"))
    assert answer.status_code == 422
    assert "Say what you are to the person you sign for" in answer.content.decode()
    assert browser.post(url(signer), signature(signer, name="Paula Aldana", relationship="mother")).status_code == 302
    with acting(user):
        assert signed(user).relationship == "mother"


# --- the copy -----------------------------------------------------------------------------------------------------------


def test_es_8_the_copy_is_there_at_once_and_stays_after_withdrawing(
    paper: Request, portal_cleo: User, browser: Browser, gus: User, browser_of: SignIn
) -> None:
    signer = ready(browser, portal_cleo)
    browser.post(url(signer), signature(signer))
    copy = reverse("paper_copy", args=[signed(portal_cleo).pk])
    assert copy in browser.get(url(signer, "paper_done")).content.decode()
    browser.post(url(signer, "paper_withdraw"))
    answer = browser.get(copy)
    assert answer.content.startswith(b"%PDF")
    assert "Marchetti" not in answer["Content-Disposition"]
    assert browser_of(gus).get(copy).status_code == 404


def test_attack_77_and_78_a_copy_is_saved_and_never_framed_and_no_header_holds_a_word_of_anybody(
    cleo: Client, ana: User, portal_cleo: User, browser: Browser
) -> None:
    asked(cleo, ana, form_in_force(title="Agreement\r\nX-Injected: yes"))
    signer = ready(browser, portal_cleo)
    browser.post(url(signer), signature(signer, name="Cleo\r\nX-Injected: yes"))
    answer = browser.get(reverse("paper_copy", args=[signed(portal_cleo).pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="signed-paper.pdf"'
    assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert "X-Injected" not in answer
    assert browser.get(reverse("paper_list"), headers={"host": "elsewhere.test"}).status_code == 400


# --- saying no, and taking back -----------------------------------------------------------------------------------------


def test_declining_says_what_it_means_and_needs_no_reason(paper: Request, ana: User, portal_cleo: User, browser: Browser) -> None:
    signer = signer_of(portal_cleo)
    assert "sessions cannot begin" in browser.get(url(signer, "paper_decline")).content.decode()
    assert browser.post(url(signer, "paper_decline"), {"reason": "a\0b"}).status_code == 422
    assert browser.post(url(signer, "paper_decline"), {"reason": ""}).status_code == 302
    assert "You did not agree" in browser.get(reverse("paper_list")).content.decode()
    assert browser.post(url(signer, "paper_decline")).status_code == 302  # pressed twice
    with acting(ana):
        assert Request.objects.get(pk=paper.pk).ended_as == "declined"


def test_attack_54_one_parents_no_is_not_told_as_theirs_to_the_other(mia: Client, ana: User, browser_of: SignIn) -> None:
    (paula, mother), (otis, father) = parent(mia, "Paula Aldana", ana), parent(mia, "Otis Farrow", ana)
    asked(mia, ana, form_in_force(), *[Named(mia, Signer.Capacity.GUARDIAN, row) for row in (mother, father)])
    hers, his = signer_of(paula), signer_of(otis)
    browser = at_portal(browser_of, otis)
    opened = browser.get(url(his, "paper_decline"))
    assert opened.status_code == 200
    at_portal(browser_of, paula).post(url(hers, "paper_decline"), {"reason": "the amber quarrel"})
    assert browser.post(url(his, "paper_decline"), {"reason": "me too"}).status_code == 302  # it is closed already, and says so
    page = browser.get(url(his, "paper_read")).content.decode()
    assert "This paper is closed" in page
    assert "Paula" not in page
    assert "amber quarrel" not in page


def test_withdrawing_says_what_stops_holds_at_once_and_stays_listed(
    paper: Request, cleo: Client, ana: User, portal_cleo: User, browser: Browser
) -> None:
    signer = ready(browser, portal_cleo)
    browser.post(url(signer), signature(signer))
    with acting(ana):
        assert access.covering(cleo, "in_person").exists()
    assert "Sessions in person and by phone stop" in browser.get(url(signer, "paper_withdraw")).content.decode()
    for _ in range(2):
        assert browser.post(url(signer, "paper_withdraw"), {"reason": ""}).status_code == 302
    with acting(ana):
        assert not access.covering(cleo, "in_person").exists()
    page = browser.get(url(signer, "paper_read")).content.decode()
    assert "Taken back" in page
    assert "Your signed copy" in page


# --- answers kept -------------------------------------------------------------------------------------------------------


@pytest.fixture
def questionnaire(cleo: Client, ana: User, portal_cleo: User, browser: Browser) -> Signer:
    asked(cleo, ana, form_in_force("questionnaire", text=QUESTIONNAIRE, title="About you"))
    return ready(browser, portal_cleo)


ANSWERS = {"answer-why": WHY, "answer-since": "2026-01-15", "answer-how": "1"}


def test_answers_are_kept_and_gone_on_with_and_then_signed(questionnaire: Signer, portal_cleo: User, browser: Browser) -> None:
    assert browser.post(url(questionnaire), ANSWERS | {"then": "keep", "version": "0"})["Location"] == reverse("paper_list")
    page = browser.get(url(questionnaire)).content.decode()
    assert WHY in page
    assert 'value="2026-01-15"' in page
    answer = browser.post(url(questionnaire), signature(questionnaire) | ANSWERS)
    assert answer.status_code == 302
    with acting(portal_cleo):
        assert signed(portal_cleo).understanding["answers"] == {"why": WHY, "since": "2026-01-15", "how": "A doctor"}
        assert not AnswerDraft.objects.exists()


def test_attack_44_a_required_answer_left_out_is_said_and_the_rest_is_kept(questionnaire: Signer, browser: Browser) -> None:
    answer = browser.post(url(questionnaire), signature(questionnaire) | ANSWERS | {"answer-why": "  "})
    assert answer.status_code == 422
    assert "This needs an answer." in answer.content.decode()
    assert 'value="2026-01-15"' in answer.content.decode()
    assert browser.post(url(questionnaire), signature(questionnaire) | ANSWERS | {"answer-since": "soon"}).status_code == 422


def test_the_page_saves_by_itself_and_two_windows_lose_nothing(questionnaire: Signer, portal_cleo: User, browser: Browser) -> None:
    save = url(questionnaire, "answers_save")
    first = browser.post(save, {"answer-why": WHY, "version": "0"}).json()
    assert first["fields"] == {"version": "1"}
    assert browser.post(save, {"answer-why": WHY, "version": "0"}).status_code == 200  # the answer was lost on the way: the same again
    other = browser.post(save, {"answer-why": "Something else.", "version": "0"})
    assert other.status_code == 409
    assert WHY in other.content.decode()
    assert "Something else." in other.content.decode()
    by_hand = browser.post(url(questionnaire), {"answer-why": "Something else.", "version": "0", "then": "keep"})
    assert by_hand.status_code == 409
    assert WHY in by_hand.content.decode()
    assert browser.post(save, {"answer-why": "Something else.", "version": "1"}).json()["fields"] == {"version": "2"}
    assert browser.post(save, {"answer-why": "x" * 6001, "version": "2"}).status_code == 422
    assert browser.post(save, {"answer-why": "", "version": "nonsense"}).status_code == 409


def test_what_is_not_sent_yet_is_seen_by_nobody_else(questionnaire: Signer, ana: User, portal_cleo: User, browser: Browser) -> None:
    browser.post(url(questionnaire, "answers_save"), ANSWERS | {"version": "0"})
    with acting(portal_cleo):
        assert AnswerDraft.objects.count() == 1
    with acting(ana):
        assert not AnswerDraft.objects.exists()


def test_attack_79_words_sent_after_the_session_ended_are_given_back(questionnaire: Signer, browser: Browser) -> None:
    browser.logout()
    answer = browser.post(url(questionnaire), signature(questionnaire) | ANSWERS)
    assert answer.status_code == 403
    assert WHY in answer.content.decode()


def test_es_4_another_edition_of_the_points_asks_anew(
    paper: Request, portal_cleo: User, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = ready(browser, portal_cleo)
    monkeypatch.setattr(law, "edition", lambda: "2027-01")
    assert browser.get(url(signer))["Location"] == url(signer, "paper_agree")
    assert browser.post(url(signer), signature(signer)).status_code == 422
    assert agree(browser, signer, portal_cleo).status_code == 302
    assert browser.post(url(signer), signature(signer)).status_code == 302


def test_attack_46_a_drawing_belongs_to_one_paper_alone(cleo: Client, ana: User, portal_cleo: User, browser: Browser) -> None:
    requests = [asked(cleo, ana, form_in_force(title=title)) for title in ("First paper", "Second paper")]
    with acting(portal_cleo):
        one, two = [access.own_signers(portal_cleo).get(request=request) for request in requests]
    for signer in (one, two):
        read(browser, signer)
    agree(browser, one, portal_cleo)
    browser.post(url(one), signature(one, drawing="[[[0.125,0.2],[0.3,0.4]]]"))
    for name in ("paper_read", "paper_sign"):
        assert "0.125" not in browser.get(url(two, name)).content.decode()
    browser.post(url(two), signature(two))
    with acting(portal_cleo):
        assert Signature.objects.get(signer=two).drawing == ""
