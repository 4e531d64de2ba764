"""The house from the keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import Arrive, Site

pytestmark = pytest.mark.journey


def test_help_search_next_save_sign(arrive: Arrive, site: Site) -> None:
    ana = arrive().sign_in("ana")
    page = ana.page
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keyboard")).to_be_visible()
    ana.look()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#site-search")).to_be_focused()
    page.keyboard.type("n/?")  # letters in a field are letters
    expect(page.locator("#site-search")).to_have_value("n/?")
    page.locator("body").click(position={"x": 5, "y": 5})
    with page.expect_navigation(url=re.compile(r"/notes/[^/]+/edit/")):
        page.keyboard.press("n")
    page.locator("textarea").first.fill("Written without a mouse.")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile(r"^Saved"))
    with page.expect_navigation(url=re.compile(r"/notes/[^/]+/sign/")):
        page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")  # does not sign; it shows where one signs
    expect(page.get_by_role("button", name="Sign & lock")).to_be_focused()
    assert page.url.endswith("/sign/")


def test_keys_of_one_letter_can_be_switched_off(arrive: Arrive, site: Site) -> None:
    page = arrive().sign_in("ben").page
    page.get_by_role("button", name="Keyboard").click()
    page.get_by_label("Keys of one letter are on").uncheck()
    expect(page.get_by_text("Off until you sign out.")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    page.keyboard.press("/")
    expect(page.locator("#site-search")).not_to_be_focused()
    page.get_by_role("button", name="Keyboard").click()
    page.get_by_label("Keys of one letter are on").check()
    expect(page.get_by_text("On.", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keyboard")).to_be_visible()


def test_names_are_hidden_and_shown_by_one_button(arrive: Arrive, site: Site) -> None:
    ana = arrive().sign_in("ana")
    ana.go("/clients/")
    assert "Marchetti" in ana.text()
    ana.press("Hide names")
    assert "Marchetti" not in ana.text()
    assert ana.page.url == f"{site.url}/clients/"
    ana.press("Show names")
    assert "Marchetti" in ana.text()
