"""A form sent after the session ended: its words go back to its writer, and nowhere else."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client as Browser

from audit import clock, doors
from audit.models import Event
from practice.models import SignedIn, User

from .conftest import lines, log_in

WORDS = "She came back to <b>the lake</b> & stayed.\nThen we talked."
FORM = {
    "presenting": WORDS, "version": "3", "key": "0b1e6d4e-8f6e-4b77-9a0e-2f8a4a3f9d10", "csrfmiddlewaretoken": "tokentoken",
    "password": "hunter hunter hunter", "shown": "a" * 64, "then": "sign",
}  # fmt: skip


def test_words_come_back_escaped_with_the_way_in(browser: Browser, db: None) -> None:
    answer = browser.post("/clients/new/", FORM, headers={"referer": "http://testserver/clients/new/?kind=adult"})
    assert answer.status_code == 403
    assert "She came back to &lt;b&gt;the lake&lt;/b&gt; &amp; stayed.\nThen we talked." in answer.text
    assert 'href="/accounts/login/?next=/clients/new/"' in answer.text
    assert "Presenting" in answer.text


def test_secrets_and_what_machines_read_do_not(browser: Browser, db: None) -> None:
    text = browser.post("/clients/new/", FORM).text
    assert not any(FORM[name] in text for name in ("csrfmiddlewaretoken", "password", "key", "shown"))


def test_attack_87_the_words_are_kept_nowhere(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    with clock.at(clock.now() + datetime.timedelta(minutes=16)):
        answer = browser.post("/clients/new/", FORM)
    assert answer["Cache-Control"] == "no-store"
    assert "session" not in answer.cookies
    assert not SignedIn.objects.filter(user=None).exists()
    with doors.system("test", on_behalf_of=ana):
        assert not [line for line in Event.objects.all() if "lake" in str(line.__dict__)]


@pytest.mark.parametrize("header", ["idempotency-key", "x-background", "hx-request"])
def test_scripts_are_sent_to_the_sign_in_page_and_keep_the_words_themselves(browser: Browser, db: None, header: str) -> None:
    assert browser.post("/clients/new/", FORM, headers={header: "1"})["Location"].startswith("/accounts/login/")


def test_a_form_without_words_goes_to_the_sign_in_page(browser: Browser, db: None) -> None:
    assert browser.post("/clients/new/", {"kind_id": "12", "key": FORM["key"]})["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("referer", ["https://evil.test//evil.test/", "http://testserver//evil.test", "javascript:alert(1)", ""])
def test_attack_76_the_way_back_is_a_path_of_ours(browser: Browser, db: None, referer: str) -> None:
    text = browser.post("/clients/new/", FORM, headers={"referer": referer}).text
    assert "evil.test" not in text
    assert 'href="/accounts/login/?next=/' in text


def test_another_sites_form_gets_no_words_back(db: None) -> None:
    answer = Browser(enforce_csrf_checks=True).post("/clients/new/", FORM)
    assert answer.status_code == 403
    assert "the lake" not in answer.text


def test_nobody_is_told_of_as_signed_in(browser: Browser, db: None, ana: User) -> None:
    browser.post("/clients/new/", FORM)
    assert lines("read", actor_id=ana.pk) == []
