"""Where everybody arrives, and the frame around every page."""

from __future__ import annotations

from typing import Any

from django.test import Client as Browser

from practice.menu import MENU
from practice.models import User

from .conftest import log_in


def test_strangers_sign_in_first(browser: Browser, db: None) -> None:
    assert browser.get("/")["Location"] == "/accounts/login/?next=/"


def test_staff_arrive(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    page = browser.get("/").text
    assert "Ana Reyes, counselor" in page
    assert 'aria-current="page"' in page


def test_the_menu_follows_the_roles(browser: Browser, ana: User, ada: User) -> None:
    log_in(browser, ana)
    assert 'href="/staff/"' not in browser.get("/").text
    admin = Browser()
    log_in(admin, ada)
    assert 'href="/staff/"' in admin.get("/").text


def test_every_menu_entry_has_a_word_an_icon_and_somebody() -> None:
    assert all(label and name and icon and roles for __, entries in MENU for label, name, icon, roles in entries)


def test_the_practice_is_not_named_to_strangers_by_an_error(browser: Browser, db: None) -> None:
    answer = browser.get("/no/such/page/")
    assert answer.status_code == 404
    assert "The practice" not in answer.text


def test_hiding_names_is_offered_to_those_who_see_them(browser: Browser, ana: User, ada: User) -> None:
    log_in(browser, ana)
    assert "Hide names" in browser.get("/").text
    other = Browser()
    log_in(other, ada)
    assert "Hide names" not in other.get("/").text


def test_the_page_of_the_look_is_the_demos_alone(browser: Browser, db: None, settings: Any) -> None:
    assert browser.get("/design/").status_code == 200
    settings.DEMO = False
    assert browser.get("/design/").status_code == 404
