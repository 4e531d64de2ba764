"""A locked page asks its person to sign in again, in place: what the server tells it, and what it takes."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client as Browser

from audit import clock
from practice import again
from practice.models import SignedIn, User
from tests.cast import PASSWORD, person

from .conftest import code_of, give_app, is_signed_in, lines, log_in


def here(browser: Browser, **headers: str) -> dict[str, Any]:
    answer: dict[str, Any] = browser.get("/accounts/here/", headers=headers).json()
    return answer


def come_back(browser: Browser, whose: User, **fields: str) -> Any:
    return browser.post("/accounts/again/", {"person": again.mark_of(whose), **fields})


def away(minutes: int) -> Any:
    return clock.at(clock.now() + datetime.timedelta(minutes=minutes))


def test_a_page_is_told_whose_session_it_is_and_how_long_it_lives(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    told = here(browser)
    assert told["person"] == again.mark_of(ana)
    assert 890 < told["left"] <= 900
    assert told["token"]


def test_without_a_session_it_is_told_nothing(browser: Browser, ana: User) -> None:
    assert {**here(browser), "token": ""} == {"person": "", "left": 0, "token": ""}


def test_attack_79_asking_is_no_activity_and_staying_is(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    with away(10):
        assert here(browser, **{"x-background": "1"})["left"] <= 300
        assert here(browser)["left"] > 890
    with away(24):
        assert here(browser, **{"x-background": "1"})["person"]
    with away(26):
        assert not here(browser, **{"x-background": "1"})["person"]


def test_the_end_of_the_day_is_told_as_well(browser: Browser, ana: User) -> None:
    """Twelve hours end a session that was never idle: the page is told the nearer end."""
    log_in(browser, ana)
    SignedIn.objects.update(expire_date=clock.now() + datetime.timedelta(minutes=2))
    assert here(browser)["left"] <= 120


def test_the_password_brings_back_a_new_session(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    old = browser.cookies["subrosa"].value
    with away(16):
        assert not is_signed_in(browser)
        assert come_back(browser, ana, password=PASSWORD).json() == {"state": "in"}
        assert browser.cookies["subrosa"].value != old
        assert is_signed_in(browser)
        assert here(browser)["person"] == again.mark_of(ana)
    assert len(lines("login", actor_id=ana.pk)) == 2


def test_a_wrong_password_says_what_the_sign_in_page_says_and_is_counted(browser: Browser, ana: User) -> None:
    page = log_in(Browser(), ana, "wrong wrong wrong wrong")
    answer = come_back(browser, ana, password="wrong wrong wrong wrong")
    assert answer.status_code == 422
    assert answer.json()["why"] in page.text
    assert not is_signed_in(browser)
    assert len(lines("failed", part="password")) == 2


def test_attack_80_guessing_here_is_no_way_around_the_limit(ana: User, db: None) -> None:
    for _ in range(3):
        log_in(Browser(), ana, "wrong wrong wrong wrong")
        come_back(Browser(), ana, password="wrong wrong wrong wrong")
    assert come_back(Browser(), ana, password=PASSWORD).status_code == 422


def test_a_second_step_is_asked_for_in_place(browser: Browser, ana: User) -> None:
    secret = give_app(ana)
    assert come_back(browser, ana, password=PASSWORD).json() == {"state": "code"}
    assert not is_signed_in(browser)
    wrong = come_back(browser, ana, code="000000")
    assert (wrong.status_code, wrong.json()["half"]) == (422, True)
    assert come_back(browser, ana, code=code_of(secret)).json() == {"state": "in"}
    assert is_signed_in(browser)


def test_attack_84_a_code_without_the_password_opens_nothing(browser: Browser, ana: User) -> None:
    secret = give_app(ana)
    answer = come_back(browser, ana, code=code_of(secret))
    assert (answer.status_code, answer.json()["half"]) == (422, False)
    assert not is_signed_in(browser)


def test_the_code_of_one_person_does_not_finish_the_sign_in_of_another(browser: Browser, ana: User, ben: User) -> None:
    secret = give_app(ben)
    give_app(ana)
    come_back(browser, ana, password=PASSWORD)
    assert come_back(browser, ben, code=code_of(secret)).status_code == 422
    assert not is_signed_in(browser)


def test_whoever_signed_in_meanwhile_is_not_signed_out_and_gets_no_page(browser: Browser, ana: User, ben: User) -> None:
    log_in(browser, ben)
    assert come_back(browser, ana, password=PASSWORD).json() == {"state": "other"}
    assert here(browser)["person"] == again.mark_of(ben)


def test_somebody_who_left_does_not_come_back(browser: Browser, ana: User, ben: User) -> None:
    User.objects.filter(pk=ana.pk).update(leaves_at=clock.now())
    assert come_back(browser, ana, password=PASSWORD).status_code == 422
    assert not is_signed_in(browser)


@pytest.mark.parametrize("mark", ["", "x", "x:y", "\x00", "é" * 300, "00000000-0000-4000-8000-000000000001:forged"])
def test_a_mark_that_is_not_ours_is_nobody(browser: Browser, ana: User, mark: str) -> None:
    answer = browser.post("/accounts/again/", {"person": mark, "password": PASSWORD})
    assert answer.status_code == 422
    assert not is_signed_in(browser)


def test_a_mark_of_somebodys_id_cannot_be_made_outside(ana: User) -> None:
    assert again.person_of(again.mark_of(ana)) == ana
    assert again.person_of(str(ana.pk)) is None
    assert again.person_of(again.mark_of(ana).replace(str(ana.pk), str(person("Eve Other").pk))) is None


def test_the_new_session_hides_what_the_old_one_hid(browser: Browser, ana: User) -> None:
    come_back(browser, ana, password=PASSWORD, open_room="on", shortcuts_off="on")
    assert browser.session["open_room"]
    assert browser.session["shortcuts_off"]


def test_the_password_needs_our_own_form(ana: User) -> None:
    strict = Browser(enforce_csrf_checks=True)
    assert come_back(strict, ana, password=PASSWORD).status_code == 403


def test_every_page_behind_the_sign_in_carries_its_lock_and_no_page_before_it(browser: Browser, ana: User) -> None:
    assert "data-here" not in browser.get("/accounts/login/").text
    log_in(browser, ana)
    for page in ("/", "/clients/", "/accounts/sessions/", "/directory/"):
        text = browser.get(page).text
        assert f'data-person="{again.mark_of(ana)}"' in text, page
        assert "/static/js/idle.js" in text


def test_asked_by_address_it_is_the_sign_in_page(browser: Browser, db: None) -> None:
    assert browser.get("/accounts/again/")["Location"] == "/accounts/login/"
