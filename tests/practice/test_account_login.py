"""Signing in: one answer and one amount of work for everybody, a new session id, own paths only."""

from __future__ import annotations

import datetime
from unittest.mock import patch

import pytest
from django.test import Client as Browser

from audit import clock
from practice.models import SignedIn, User
from practice.sessions import stored_key
from practice.signin import NO_ENTRY, is_own_path
from tests.cast import PASSWORD

from .conftest import address, is_signed_in, lines, log_in

TRICKS = [
    "//evil.test", "/clients\\..\\", "///evil.test", "////evil.test", "/\\evil.test", "\\\\evil.test", "\\/evil.test", "/\\/evil.test",
    "http://evil.test", "https://evil.test", "HTTPS://evil.test", "http:evil.test", "https:evil.test", "http:/evil.test",
    "https:///evil.test", "http:\\\\evil.test", "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x",
    "ftp://evil.test", "file:///etc/passwd", "evil.test", "www.evil.test", ".evil.test", "@evil.test", "/\t/evil.test",
    "\t//evil.test", " //evil.test", "/\n/evil.test", "\n//evil.test", "/\r/evil.test", "\r\n//evil.test", "\x00//evil.test",
    "/\x00/evil.test", "\x01https://evil.test", "\u2028//evil.test", "/\u2028/evil.test", "//evil.test/%2e%2e",
    "//evil.test@127.0.0.1", "https://127.0.0.1@evil.test", "http://127.0.0.1:8000@evil.test", "//127.0.0.1:8000.evil.test",
    "https://127.0.0.1.evil.test", "http://localhost.evil.test/", "http://[::1]@evil.test", "//[::1].evil.test",
    "https:evil.test/clients", "///\\evil.test", "/\\\\evil.test", "\\evil.test", "%2f%2fevil.test", "//%65vil.test",
    "//evil%2etest", "?next=//evil.test", "#//evil.test", "", "http://", "//", "https://evil.test\\@127.0.0.1",
    "http://127.0.0.1:8000/", "//127.0.0.1:8000/", "mailto:x@evil.test", "\u00a0//evil.test", "\ufeff//evil.test",
]  # fmt: skip


def test_everybody_may_open_it_and_get_no_session(browser: Browser, db: None) -> None:
    page = browser.get("/accounts/login/")
    assert page.status_code == 200
    assert 'name="login"' in page.text
    assert 'name="password"' in page.text
    assert set(browser.cookies) <= {"csrf"}
    assert not SignedIn.objects.exists()


def test_address_and_password_open_a_session(browser: Browser, ana: User) -> None:
    answer = log_in(browser, ana)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    row = SignedIn.objects.get()
    assert row.user == ana
    assert row.device == "Firefox on Linux"
    line = lines("login")[-1]
    assert (line.actor_id, line.what_id, line.session) == (ana.pk, ana.pk, row.pk[:12])


def test_case_and_blanks_of_the_address_do_not_matter(browser: Browser, ana: User) -> None:
    assert browser.post("/accounts/login/", {"login": f" {address(ana).upper()} ", "password": PASSWORD}).status_code == 302


def test_a_wrong_password_leaves_a_line_without_what_was_typed(browser: Browser, ana: User) -> None:
    answer = log_in(browser, ana, "a guess that is wrong")
    assert answer.status_code == 200
    line = lines("failed")[-1]
    assert (line.actor_id, line.what_id, line.part) == (None, ana.pk, "password")


def test_attack_82_one_answer_for_known_unknown_left_and_disabled(browser: Browser, ana: User, ben: User, otto: User) -> None:
    User.objects.filter(pk=ben.pk).update(is_active=False)
    tries = [
        (address(ana), "wrong wrong wrong"),
        ("nobody@sub.test", "wrong wrong wrong"),
        (address(otto), PASSWORD),
        (address(ben), PASSWORD),
    ]
    pages = []
    for login, password in tries:
        answer = Browser().post("/accounts/login/", {"login": login, "password": password})
        assert answer.status_code == 200
        pages.append(answer.text.replace(login, "").split("<main")[1].split('name="csrfmiddlewaretoken"')[0])
        assert str(NO_ENTRY) in answer.text
    assert len(set(pages)) == 1


def test_attack_82_the_hasher_runs_for_unknown_addresses(browser: Browser, db: None) -> None:
    with patch("practice.passwords.Argon2.encode", autospec=True, return_value="argon2$x") as hashed:
        browser.post("/accounts/login/", {"login": "nobody@sub.test", "password": "wrong wrong wrong"})
    assert hashed.call_count == 1


def test_attack_82_the_hasher_runs_where_there_were_too_many_tries(browser: Browser, ana: User) -> None:
    with (
        patch("practice.signin.throttle.guess", return_value=None),
        patch("practice.passwords.Argon2.encode", return_value="argon2$x") as hashed,
    ):
        answer = log_in(browser, ana)
    assert hashed.call_count == 1
    assert str(NO_ENTRY) in answer.text


def test_attack_83_the_session_id_of_before_is_worth_nothing(browser: Browser, ana: User) -> None:
    session = browser.session
    session["planted"] = "by an attacker"
    session.save()
    browser.cookies["subrosa"] = session.session_key
    log_in(browser, ana)
    new = browser.cookies["subrosa"].value
    assert new != session.session_key
    assert not SignedIn.objects.filter(pk=stored_key(session.session_key)).exists()


def test_the_database_holds_no_live_key_and_no_readable_data(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    row = SignedIn.objects.get()
    key = browser.cookies["subrosa"].value
    assert key not in (row.pk, row.session_data)
    assert "_auth_user" not in row.session_data
    browser.cookies["subrosa"] = row.pk
    assert not is_signed_in(browser)


def test_a_session_moved_to_another_row_does_not_open(browser: Browser, ana: User, ben: User) -> None:
    other = Browser()
    log_in(browser, ana)
    log_in(other, ben)
    rows = {row.user_id: row for row in SignedIn.objects.all()}
    SignedIn.objects.filter(pk=rows[ben.pk].pk).update(session_data=rows[ana.pk].session_data)
    assert not is_signed_in(other)


@pytest.mark.parametrize("trick", TRICKS)
def test_attack_76_next_leads_nowhere_else(trick: str) -> None:
    assert not is_own_path(trick)


@pytest.mark.parametrize("path", ["/", "/clients/", "/staff/?q=1", "/accounts/sessions/"])
def test_next_leads_to_own_paths(path: str) -> None:
    assert is_own_path(path)


def test_attack_76_the_page_itself_ignores_a_foreign_next(browser: Browser, ana: User) -> None:
    answer = browser.post("/accounts/login/", {"login": address(ana), "password": PASSWORD, "next": "//evil.test"})
    assert answer["Location"] == "/"


def test_next_is_followed_after_signing_in(browser: Browser, ana: User) -> None:
    answer = browser.post("/accounts/login/", {"login": address(ana), "password": PASSWORD, "next": "/accounts/sessions/"})
    assert answer["Location"] == "/accounts/sessions/"


def test_attack_85_signing_in_from_a_foreign_form_is_refused(ana: User) -> None:
    careful = Browser(enforce_csrf_checks=True)
    assert log_in(careful, ana).status_code == 403
    assert not SignedIn.objects.exists()


def test_attack_85_two_people_in_one_browser_do_not_mix(browser: Browser, ana: User, ben: User) -> None:
    log_in(browser, ana)
    browser.post("/accounts/logout/")
    log_in(browser, ben)
    assert [row.user_id for row in SignedIn.objects.all()] == [ben.pk]


def test_attack_18_whoever_left_is_out_at_that_minute(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    User.objects.filter(pk=ana.pk).update(leaves_at=clock.now() + datetime.timedelta(minutes=2))
    assert is_signed_in(browser)
    with clock.at(clock.now() + datetime.timedelta(minutes=3)):
        assert not is_signed_in(browser)
    assert not SignedIn.objects.exists()


def test_attack_18_whoever_is_deactivated_is_out_at_the_next_request(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert not is_signed_in(browser)


def test_no_sign_up(browser: Browser, db: None) -> None:
    assert browser.get("/accounts/signup/").status_code == 404
