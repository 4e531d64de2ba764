"""Leaving the portal quickly: only where it is wanted, signed out at once, and nothing that tells where one was."""

from __future__ import annotations

import re

import pytest
from django.test import override_settings
from django.urls import reverse

from clients import actions
from clients.models import Client
from practice.models import Practice, User
from tests.cast import SignIn, acting

pytestmark = pytest.mark.django_db
LINK = 'data-leave href="/now/"'


def test_the_way_out_is_shown_to_whoever_wants_it_and_signs_out(ana: User, cleo: Client, portal_cleo: User, browser_of: SignIn) -> None:
    browser, home = browser_of(portal_cleo), reverse("portal_home")
    assert "data-leave" not in browser.get(home).text
    with acting(portal_cleo):
        actions.keep_profile(cleo, by=portal_cleo, quick_exit=True)
    for page in (home, reverse("portal_record", kwargs={"pk": cleo.pk}), reverse("mfa_index")):
        assert LINK in browser.get(page).text
    assert "data-leave" not in browser_of(ana).get(reverse("home")).text
    away = browser.get(reverse("quick_exit"))
    assert away["Location"] == reverse("calendar_month")
    assert browser.get(home).status_code == 302
    page = browser.get(away["Location"]).text
    said = " ".join(re.findall(r">([^<]+)<", page)).casefold()
    name = Practice.objects.get().name.casefold()
    assert not [word for word in ("sub rosa", "counsel", "portal", "sign in", "cleo", name) if word and word in said]
    assert 'href="/"' not in page


def test_another_site_signs_nobody_out_and_leads_where_the_practice_said(cleo: Client, portal_cleo: User, browser_of: SignIn) -> None:
    browser = browser_of(portal_cleo)
    with override_settings(QUICK_EXIT_URL="https://weather.example/"):
        assert browser.get(reverse("quick_exit"), headers={"sec-fetch-site": "cross-site"})["Location"] == "https://weather.example/"
    assert browser.get(reverse("portal_home")).status_code == 200
