"""Keys of one letter can be switched off (WCAG 2.1.4), for this session."""

from __future__ import annotations

from django.test import Client as Browser

from practice.models import User

from .conftest import log_in


def test_they_are_switched_off_and_on(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    for on, off in (("1", True), ("1", True), ("0", False)):
        answer = browser.post("/shortcuts/", {"on": on}, headers={"accept": "application/json"})
        assert answer.json() == {"off": off}
        assert ('id="keys" aria-labelledby="keys-title" data-off' in browser.get("/").text) is off


def test_without_javascript_it_goes_back_to_the_page(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    assert browser.post("/shortcuts/", {"on": "1", "next": "/directory/"})["Location"] == "/directory/"


def test_the_help_tells_every_key(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    text = browser.get("/").text
    assert all(f"<kbd>{key}</kbd>" in text for key in ("/", "n", "?", "S", "Enter"))
