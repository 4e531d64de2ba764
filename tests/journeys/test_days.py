"""Days in a real browser: a counselor's from the queue to signing out, the desk's, and two tabs on one draft."""

from __future__ import annotations

import datetime
import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, expect

from audit import clock
from audit.models import Event
from records import actions
from records.models import Note
from tests.cast import acting

from .conftest import Arrive, Site, Traveller
from .test_journeys import take_in

pytestmark = pytest.mark.journey

SAID = "She rowed past the crooked lighthouse before breakfast."
FORM = "## Quiet {#quiet}\nPlease **whisper** in the hall.\n\n## Tea {#tea check}\nIs there tea?\n- [x] Yes\n- [ ] No"
MORE = "It was the old harbour, not the new one."


def _met(site: Site) -> None:
    """Ana and Mia met two hours ago, and nothing is written yet."""
    start = clock.now() - datetime.timedelta(hours=2)
    with acting(site.house.ana):
        end = start + datetime.timedelta(minutes=50)
        actions.plan_session(site.house.mia, by=site.house.ana, starts_at=start, ends_at=end, modality="in_person")


def _note_signed_in_three(ana: Traveller) -> str:
    """From home: write the note, sign, and sign what is shown, with both hands on the last button; the path of the note."""
    page = ana.page
    ana.press("Write the note")
    page.locator("form[data-autosave] textarea").first.fill(SAID)
    ana.press("Sign & lock")
    assert SAID in ana.text()
    with page.expect_navigation():
        page.get_by_role("button", name="Sign & lock").dblclick()
    found = re.search(r"/notes/[0-9a-f-]{36}/$", ana.look().page.url)
    assert found, page.url
    return found[0]


def _content(page: Page) -> str:
    """What the page holds; one that is gone back to may send itself on to the sign-in in the meantime."""
    for _ in range(50):
        with suppress(Error):
            return page.content()
        page.wait_for_timeout(100)
    raise AssertionError("The page never came to rest.")


def test_attack_87_a_counselors_day_from_the_queue_to_signing_out(arrive: Arrive, site: Site) -> None:
    _met(site)
    ana = arrive().sign_in("ana")
    page, note = ana.page, _note_signed_in_three(ana)
    with acting(site.house.ana):
        assert Event.objects.filter(part="sign_note", what_id=note.split("/")[2]).count() == 1
    page.go_back()  # to where one signed: there is nothing to sign any more, and nothing kept of it
    assert SAID not in page.content()
    ana.trouble.clear()  # the page that is gone answers 404

    page.goto(f"{site.url}/")
    page.get_by_role("link", name="Search in notes").click()
    ana.look().page.fill("#id_words", "lighthouse CROOK")
    ana.press("Search", exact=True)
    expect(page.locator(".results mark")).to_have_text(["crook", "lighthouse"])
    expect(page.locator(".searching")).to_be_hidden()
    assert "lighthouse" not in page.url + page.title()
    page.locator(".results a").first.click()
    page.wait_for_url(f"**{note}")

    page.get_by_role("link", name="Add addendum").click()
    page.fill("[name=text]", MORE)
    ana.look().press("Sign the addendum")
    assert MORE in ana.text()
    ana.press("Sign out")
    for _ in range(4):
        with suppress(Error):  # what was asked for by a form, as the search was, the browser has not kept at all, and says so
            page.go_back()
        assert not re.search("lighthouse|old harbour", _content(page))


def test_attack_40_two_tabs_on_one_draft_keep_both_texts(arrive: Arrive, site: Site) -> None:
    ana = arrive().sign_in("ana")
    path = f"{site.url}/notes/{site.house.draft.pk}/edit/"
    first, second = ana.page, ana.page.context.new_page()
    for page in (first, second):
        page.goto(path)
    saved = re.compile(r"^Saved \d\d:\d\d")
    second.locator("textarea").first.fill("Written in the second tab.")
    with second.expect_response(lambda answer: answer.request.method == "POST"):  # the page says "Saved" of what was there before as well
        second.keyboard.press("Control+s")
    expect(second.locator("[data-autosave-status]")).to_have_text(saved)
    first.locator("textarea").first.fill("Written in the first tab.")
    first.keyboard.press("Control+s")
    expect(first.get_by_role("heading", name="This draft was saved somewhere else")).to_be_visible()
    expect(first.get_by_role("alert")).to_contain_text("Written in the second tab.")
    expect(first.locator("textarea").first).to_have_value("Written in the first tab.")
    ana.trouble.clear()  # the browser's console says 409
    ana.look()
    with acting(site.house.ana):
        assert "Written in the second tab." in Note.objects.get(pk=site.house.draft.pk).content.values()
    first.get_by_role("button", name="Keep mine, on top of the other").click()
    expect(first.locator("[data-autosave-status]")).to_have_text(saved)
    with acting(site.house.ana):
        assert "Written in the first tab." in Note.objects.get(pk=site.house.draft.pk).content.values()
    second.close()


def test_a_desk_day_is_one_form_a_phone_a_status_and_no_clinical_tab(arrive: Arrive, site: Site) -> None:
    dee = arrive().sign_in("dee")
    page, client = dee.page, take_in(dee, "Theodora", "Frontdesk")
    dee.go(f"{client}contacts/new/")
    page.fill("[name=address]", "503 555 0188")
    page.locator("button.primary").first.click()
    page.wait_for_url(f"**{client}contacts/")
    assert "503 555 0188" in dee.look().text()
    dee.go(f"{client}status/").page.get_by_label("Active").check()
    dee.press("Save", exact=True)
    assert "Active" in dee.text()
    dee.go(f"/clients/{site.house.cleo.pk}/contacts/")
    assert "503 555 0142" in dee.text()
    links = page.eval_on_selector_all("main a", "links => links.map(link => link.getAttribute('href'))")
    assert [link for link in links if re.search("/sessions/|/notes/|/record/", link)] == []
    assert page.get_by_role("link", name="Search in notes").count() == 0
    for path in ("/notes/search/", f"/clients/{site.house.cleo.pk}/sessions/", f"/notes/{site.house.signed.pk}/"):
        dee.go(path, status=404)


def test_an_admin_brings_a_form_from_its_first_word_into_force(arrive: Arrive) -> None:
    admin = arrive().sign_in("ada")
    page = admin.go("/forms/").go("/forms/new/").page
    page.fill("[name=title]", "House rules")
    admin.press("Begin to write")
    page.fill("textarea[name=text]", FORM)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#look + div strong")).to_have_text("whisper")
    admin.look()
    admin.press("Save and approve")
    page.locator("[name=reviewed]").check()
    admin.press("Approve these words")
    admin.press("Put in force")
    assert "In force since" in admin.text()
    admin.go("/packets/").go("/packets/new/")
    page.fill("[name=name]", "Visitors")
    admin.press("Go on to its forms")
    admin.press("Put in")
    assert "Not approved yet" not in admin.text()
