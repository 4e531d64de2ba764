"""A trainee's note and her supervisor in a real browser: snippets, formats, the pane, sent back, answered, co-signed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import Arrive, Site, Traveller, consented_at_intake
from .test_journeys import take_in

pytestmark = pytest.mark.journey
SAID = "He spoke of the green bicycle for the first time."
COMMENT = "Please add what was agreed for the week."


def _rules(admin: Traveller) -> None:
    """Every progress note of somebody supervised needs a co-signature."""
    page = admin.go("/practice/notes/").page
    page.locator("[name=cosign_kinds][value=progress]").check()
    admin.press("Save", exact=True)
    page.get_by_role("link", name="What of theirs is co-signed").first.click()
    admin.look()


def _snippet(counselor: Traveller) -> None:
    counselor.go("/snippets/").go("/snippets/new/")
    counselor.page.fill("[name=name]", "Opening")
    counselor.page.fill("[name=text]", "{client} arrived ___ and left ___.")
    counselor.press("Keep it")
    assert "arrived ___" in counselor.text()


def _write(counselor: Traveller) -> str:
    """A note with a snippet in it, in another format, signed; returns its path."""
    client = take_in(counselor, "Benedikt", "Journeyman")
    consented_at_intake(counselor, client)
    page = counselor.go(f"{client}sessions/new/").page
    counselor.press("Save and write the note")
    if "/edit/" not in page.url:
        counselor.press("Begin")
    first = page.locator("form[data-autosave] textarea").first
    first.fill(SAID)
    first.press("Control+End")
    page.get_by_text("Snippets", exact=True).last.click()
    counselor.look()
    page.locator("[data-insert]").first.click()
    page.keyboard.type("early")
    page.keyboard.press("Tab")
    page.keyboard.type("smiling")
    expect(first).to_have_value(SAID + "Benedikt arrived early and left smiling.")
    page.keyboard.press("Tab")
    expect(first).not_to_be_focused()
    counselor.press("Change format")
    counselor.press("Change to SOAP")
    expect(page.locator("[name=subjective]")).to_have_value(re.compile("left smiling"))
    counselor.press("Sign & lock")
    counselor.press("Sign & lock")
    assert "Waiting for co-signature" in counselor.text()
    found = re.search(r"/notes/[0-9a-f-]{36}/", page.url)
    assert found
    return found[0]


def test_a_note_is_sent_back_answered_and_co_signed(arrive: Arrive, site: Site) -> None:
    ana, sofia, ada = arrive().sign_in("ana"), arrive().sign_in("sofia"), arrive().sign_in("ada")
    _rules(ada)
    _snippet(ana)
    note = _write(ana)
    page = sofia.go("/").page
    page.keyboard.press("n")  # the first of the queue
    page.wait_for_url("**/cosign/")
    sofia.look()
    assert SAID in sofia.text()
    page.get_by_role("link", name="Request edits").click()
    page.fill("[name=comment]", COMMENT)
    sofia.look().press("Send back")
    assert "Sent back to their authors" in sofia.text()
    assert "Edits requested" in ana.go("/").text()
    ana.page.get_by_role("link", name="Answer with an addendum").click()
    assert COMMENT in ana.look().text()
    ana.page.fill("[name=text]", "Agreed: a ride on Sunday.")
    ana.press("Sign the addendum")
    assert "New since you last looked" in sofia.go(f"{note}cosign/").text()
    sofia.press("Co-sign", exact=True)
    assert "Nothing waits for your co-signature" in sofia.text()
    assert "Co-signed by Sofia Lindqvist" in ana.go(note).text()


def test_the_last_note_stands_beside_the_editor(arrive: Arrive, site: Site) -> None:
    ana = arrive().sign_in("ana")
    page = ana.go(f"/notes/{site.house.draft.pk}/edit/").page
    page.locator("details.pane summary").click()
    expect(page.locator(".last-note")).to_contain_text("Signed by", timeout=10_000)
    page.set_viewport_size({"width": 1440, "height": 900})
    editor, pane = page.locator("form[data-autosave]").bounding_box(), page.locator("details.pane").bounding_box()
    assert editor
    assert pane
    assert pane["x"] > editor["x"] + editor["width"]
    assert pane["width"] > editor["width"] * 0.8
    ana.look()
