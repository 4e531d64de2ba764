"""Confirming who one is gives the session another key (ASVS 7.2.4), and nothing more."""

from __future__ import annotations

import datetime

from django.conf import settings

from audit import clock
from practice.models import SignedIn, User
from practice.sessions import stored_key
from tests.cast import PASSWORD, SignIn

ADDRESS = "/accounts/reauthenticate/"


def test_whoever_confirms_who_they_are_goes_on_under_another_key_and_no_longer_than_before(ana: User, browser_of: SignIn) -> None:
    with clock.at(clock.now() - datetime.timedelta(minutes=10)):
        browser = browser_of(ana)
    former = browser.cookies[settings.SESSION_COOKIE_NAME].value
    (before,) = SignedIn.objects.filter(session_key=stored_key(former)).values_list("began_at", "expire_date")
    assert browser.post(ADDRESS, {"password": "the copper lantern is not it", "next": "/"}).status_code == 200
    assert browser.cookies[settings.SESSION_COOKIE_NAME].value == former
    assert browser.post(ADDRESS, {"password": PASSWORD, "next": "/"}).status_code == 302
    newer = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert newer != former
    assert not SignedIn.objects.filter(session_key=stored_key(former)).exists()
    assert SignedIn.objects.filter(session_key=stored_key(newer)).values_list("began_at", "expire_date").get() == before
    assert browser.get("/clients/").status_code == 200
    browser.cookies[settings.SESSION_COOKIE_NAME] = former
    assert browser.get("/clients/").status_code == 302
