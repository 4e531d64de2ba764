"""A page nobody is at: it warns, locks, gives itself back to its person with every word, and to nobody else."""

from __future__ import annotations

import datetime
import re

import pytest
from playwright.sync_api import Page, expect

from audit import clock, doors
from practice.models import SignedIn
from records.models import Note
from tests.cast import PASSWORD, acting

from .conftest import Arrive, Site, Traveller

pytestmark = pytest.mark.journey

WORDS = "The boat came home before the storm."


def away(minutes: float) -> None:
    """Everybody's last deed was ``minutes`` ago."""
    SignedIn.objects.update(seen_at=clock.now() - datetime.timedelta(minutes=minutes))


def notice(page: Page) -> None:
    """Let the page look again, as it does by itself when its time comes or somebody comes back to it."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def lock(page: Page) -> None:
    away(16)
    notice(page)
    expect(page.get_by_role("heading", name="This page is locked")).to_be_visible()


def unlock(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in again").click()


@pytest.fixture
def writing(arrive: Arrive, site: Site) -> Traveller:
    """Ana in her editor."""
    ana = arrive().sign_in("ana")
    ana.page.goto(f"{site.url}/notes/{site.house.draft.pk}/edit/")
    return ana


def test_it_warns_first_and_staying_is_one_press(writing: Traveller) -> None:
    page = writing.page
    away(14.5)
    notice(page)
    expect(page.get_by_role("heading", name="Are you still there?")).to_be_visible()
    writing.look()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    row = SignedIn.objects.exclude(user=None).order_by("-seen_at").first()
    assert row
    assert clock.now() - row.seen_at < datetime.timedelta(seconds=20)


def test_a_locked_page_shows_nothing_and_gives_every_word_back(writing: Traveller, site: Site) -> None:
    page = writing.page
    lock(page)
    writing.look()
    assert "blur" in page.evaluate("getComputedStyle(document.querySelector('.frame')).filter")
    assert page.evaluate("document.querySelector('.frame').inert")
    assert "Sign & lock" not in page.locator("body").aria_snapshot()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="This page is locked")).to_be_visible()
    unlock(page, "wrong wrong wrong wrong")
    expect(page.get_by_role("alert")).to_contain_text("did not match")
    unlock(page)
    expect(page.get_by_role("heading", name="This page is locked")).to_have_count(0)
    assert not page.evaluate("document.querySelector('.frame').inert")


def test_words_typed_before_are_there_afterwards_and_are_saved(writing: Traveller, site: Site) -> None:
    page = writing.page
    away(16)  # ended on the server; the page does not know yet, and somebody types
    field = page.locator("textarea").first
    field.fill(WORDS)
    expect(page.locator("[data-autosave-status]")).to_contain_text("Not saved yet", timeout=15_000)
    notice(page)
    expect(page.get_by_role("heading", name="This page is locked")).to_be_visible()
    unlock(page)
    expect(page.get_by_role("heading", name="This page is locked")).to_have_count(0)
    expect(field).to_have_value(WORDS)
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile(r"^Saved \d\d:\d\d"), timeout=15_000)
    with acting(site.house.ana):
        assert WORDS in Note.objects.get(pk=site.house.draft.pk).content.values()
    field.fill(WORDS + " Nobody was hurt.")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile(r"^Saved"), timeout=15_000)


def test_the_other_tab_locks_and_opens_with_it(writing: Traveller, site: Site) -> None:
    first, second = writing.page, writing.page.context.new_page()
    second.goto(f"{site.url}/clients/")
    lock(first)
    expect(second.get_by_role("heading", name="This page is locked")).to_be_visible()
    unlock(second)
    for page in (first, second):
        expect(page.get_by_role("heading", name="This page is locked")).to_have_count(0)
    second.close()


def test_somebody_else_who_signs_in_does_not_get_the_page(writing: Traveller, site: Site) -> None:
    first, second = writing.page, writing.page.context.new_page()
    lock(first)
    second.goto(f"{site.url}/accounts/login/")
    second.fill("#id_login", "ben@sub.test")
    second.fill("#id_password", PASSWORD)
    second.click("form >> text=Sign in >> nth=0")
    second.wait_for_url(f"{site.url}/")
    with first.expect_navigation():
        notice(first)
    assert first.url == f"{site.url}/"
    assert "Ben" in first.inner_text("header")
    second.close()


def test_attack_87_signing_out_in_one_tab_locks_the_others(writing: Traveller, site: Site) -> None:
    first, second = writing.page, writing.page.context.new_page()
    second.goto(f"{site.url}/clients/")
    second.get_by_role("button", name="Sign out").click()
    second.wait_for_url(re.compile("/accounts/login/"))
    expect(first.get_by_role("heading", name="This page is locked")).to_be_visible()
    second.close()


def test_a_house_that_cannot_be_reached_shows_nothing_longer_than_it_promised(writing: Traveller) -> None:
    page = writing.page
    away(14.9)
    notice(page)
    expect(page.get_by_role("heading", name="Are you still there?")).to_be_visible()
    page.route("**/accounts/here/", lambda route: route.abort())
    writing.trouble.clear()
    expect(page.get_by_role("heading", name="This page is locked")).to_be_visible(timeout=20_000)
    unlock(page)
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")


def test_without_javascript_the_words_come_back_on_a_page_of_their_own(arrive: Arrive, site: Site) -> None:
    ana = arrive().sign_in("ana")
    browser = ana.page.context.browser
    assert browser
    context = browser.new_context(java_script_enabled=False, storage_state=ana.page.context.storage_state())
    page = context.new_page()
    page.goto(f"{site.url}/clients/{site.house.cleo.pk}/sessions/new/")
    page.locator("[name=place]").fill("Under the old pear tree")
    away(16)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Not saved: your session had ended")).to_be_visible()
    expect(page.get_by_label("Place", exact=True)).to_have_value("Under the old pear tree")
    context.close()
    with doors.system("test"):
        assert not SignedIn.objects.filter(user=None).exists()
