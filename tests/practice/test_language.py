"""The entrance speaks the visitor's language where the house has it; pages behind it speak one."""

from __future__ import annotations

from django.test import Client as Browser

from practice.models import User

from .conftest import log_in

SPANISH = {"accept-language": "es-MX,es;q=0.9,en;q=0.5"}


def test_the_sign_in_page_speaks_spanish_to_a_spanish_browser(browser: Browser, db: None) -> None:
    page = browser.get("/accounts/login/", headers=SPANISH)
    assert '<html lang="es">' in page.text
    assert "Iniciar sesión" in page.text
    assert "Sign in" not in page.text
    assert page["Content-Language"] == "es"
    assert "Accept-Language" in page["Vary"]
    assert page["Cache-Control"] == "no-store"


def test_a_wrong_password_is_told_in_spanish(browser: Browser, ana: User) -> None:
    page = browser.post("/accounts/login/", {"login": "ana@sub.test", "password": "no no no no no no no"}, headers=SPANISH).text
    assert "no coincide" in page


def test_other_languages_get_english(browser: Browser, db: None) -> None:
    page = browser.get("/accounts/login/", headers={"accept-language": "fi,sv;q=0.8"})
    assert '<html lang="en' in page.text
    assert "Sign in" in page.text


def test_behind_the_sign_in_a_page_is_in_one_language(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    page = browser.get("/", headers=SPANISH)
    assert '<html lang="en' in page.text
    assert "Sign out" in page.text
    assert page["Content-Language"].startswith("en")


def test_what_is_not_there_is_told_in_the_same_language(db: None) -> None:
    assert '<html lang="es">' in Browser().get("/no/such/", headers=SPANISH).text
