"""How passwords are asked for: hidden, open to managers and to pasting, with no question about one's life beside them (ASVS 6.2, 6.4)."""

from __future__ import annotations

import datetime
import re
from html.parser import HTMLParser

import pytest
from django.test import Client as Browser

from audit import clock
from practice.models import User
from tests.architecture.source import ROOT

from .conftest import letters, link_in, log_in

LOST = "/accounts/password/lost/"


class Fields(HTMLParser):
    """What the forms of a page ask for, by name, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str | None]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag in ("input", "select", "textarea") and told.get("type") != "hidden":
            self.found[str(told.get("name"))] = told


def _pages(browser: Browser, ana: User) -> dict[str, dict[str, dict[str, str | None]]]:
    browser.post(LOST, {"email": "ana@sub.test"})
    pages = ["/accounts/login/", LOST, link_in(letters()[-1][2])]
    told = {page.split("/")[-2]: Fields(browser.get(page).text.split("<main")[1].split("</main")[0]).found for page in pages}
    log_in(browser, ana)
    return told | {"change": Fields(browser.get("/accounts/password/").text.split("<main")[1].split("</main")[0]).found}


def test_passwords_are_hidden_and_open_to_managers_and_to_pasting(browser: Browser, ana: User) -> None:
    asked = [(name, told) for fields in _pages(browser, ana).values() for name, told in fields.items() if "password" in name]
    assert len(asked) == 6
    for name, told in asked:
        assert told["type"] == "password", name
        assert told["autocomplete"] == ("new-password" if name[-1].isdigit() else "current-password"), name
        assert int(told.get("maxlength") or 1000) >= 128, name
    scripts = "".join(path.read_text() for path in (ROOT / "static" / "js").glob("*.js"))
    assert not re.search(r"[\"']paste[\"']|onpaste", scripts)


def test_a_lost_password_asks_for_the_address_alone_and_the_link_for_the_new_one(browser: Browser, ana: User) -> None:
    assert [set(fields) for fields in _pages(browser, ana).values()] == [
        {"login", "password"},
        {"email"},
        {"password1", "password2"},
        {"oldpassword", "password1", "password2"},
    ]


@pytest.mark.parametrize("years", [1, 5])
def test_a_password_does_not_grow_old(browser: Browser, ana: User, years: int) -> None:
    with clock.at(clock.now() + datetime.timedelta(days=365 * years)):
        assert log_in(browser, ana)["Location"] == "/"
        assert browser.get("/accounts/sessions/").status_code == 200
