"""The spine in a real browser: intake to signed note, a colleague turned away, the desk, and the admin who sees it all."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.cast import SECRET

from .conftest import Arrive, Site, Traveller, consented_at_intake

pytestmark = pytest.mark.journey
SAID = "He spoke of the green bicycle for the first time."


def take_in(traveller: Traveller, given: str, family: str) -> str:
    """Fill the intake form with two names; returns the path of the client."""
    page = traveller.go("/clients/new/").page
    page.get_by_label("Adult").check() if page.get_by_label("Adult").count() else None
    page.fill("[name=given_name]", given)
    page.fill("[name=family_name]", family)
    if page.locator("select[name=counselor]").count():
        value = page.locator("select[name=counselor] option", has_text="Ana Reyes").get_attribute("value")
        page.locator("select[name=counselor]").select_option(value)
    traveller.press("Take in")
    found = re.search(r"/clients/[0-9a-f-]{36}/", page.url)
    assert found, traveller.text()
    return found[0]


def write_a_note(traveller: Traveller, client: str) -> str:
    """A session that just ended, its note, autosaved, signed; returns the path of the note."""
    consented_at_intake(traveller, client)
    page = traveller.go(f"{client}sessions/new/").page
    traveller.press("Save and write the note")
    if "/edit/" not in page.url:
        traveller.press("Begin")
    page.locator("form[data-autosave] textarea").first.fill(SAID)
    expect(page.locator("[data-autosave-status]")).to_contain_text(re.compile(r"Saved \d\d:\d\d"), timeout=10_000)
    traveller.look()
    traveller.press("Sign & lock")
    assert SAID in traveller.text()
    traveller.press("Sign & lock")
    found = re.search(r"/notes/[0-9a-f-]{36}/", page.url)
    assert found, page.url
    return found[0]


def test_the_counselor_goes_from_intake_to_a_signed_note(arrive: Arrive, site: Site) -> None:
    ana = arrive().sign_in("ana")
    client = take_in(ana, "Benedikt", "Journeyman")
    note = write_a_note(ana, client)
    ana.go(note)
    assert SAID in ana.text()
    assert "Signed" in ana.text()
    assert ana.page.locator("textarea").count() == 0
    for tab in ("", "sessions/", "contacts/", "team/", "access/"):
        ana.go(client + tab)
    assert "Journeyman" not in ana.page.title()
    ana.go("/clients/")
    assert "Journeyman" in ana.text()
    ana.go("/")


def test_the_colleague_is_turned_away(arrive: Arrive, site: Site) -> None:
    house = site.house
    ben = arrive().sign_in("ben")
    for path in (f"/notes/{house.signed.pk}/", f"/clients/{house.cleo.pk}/", f"/clients/{house.cleo.pk}/sessions/"):
        ben.go(path, status=404)
        for words in (SECRET, "Cleo", "Marchetti", house.cleo.code):
            assert words not in ben.page.content()
    ben.go("/clients/")
    assert "Cleo" not in ben.text()
    ben.page.fill("#site-search", "Marchetti")
    ben.page.keyboard.press("Enter")
    ben.page.wait_for_url("**/clients/search/")
    assert house.cleo.code not in ben.look().page.content()


def test_the_admin_sees_all_of_it_on_the_trail_and_takes_it_along(arrive: Arrive, site: Site) -> None:
    house = site.house
    arrive().sign_in("ben").go(f"/notes/{house.signed.pk}/", status=404)
    ada = arrive().sign_in("ada")
    ada.go("/trail/")
    assert "Ana Reyes" in ada.text()
    ada.page.check("[name=refused]")
    ada.press("Show", exact=True)
    assert "Ben Okafor" in ada.text()
    assert house.cleo.code in ada.text()
    with ada.page.expect_download() as coming:
        ada.page.get_by_role("link", name="Save as CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(coming.value.path()).read_text(), newline="")))
    assert {row["act"] for row in rows} == {"refused"}
    assert any(row["who"] == "Ben Okafor" and row["client"] == house.cleo.code for row in rows)
    ada.page.go_back() if ada.page.url.endswith("/csv/") else None
    for path in ("/clients/codes/", f"/clients/{house.cleo.pk}/team/", f"/clients/{house.cleo.pk}/access/", "/staff/", "/outbox/"):
        ada.go(path)
        assert "Marchetti" not in ada.page.content()


def test_the_client_sees_their_own_record_in_the_portal(arrive: Arrive, site: Site) -> None:
    cleo = arrive().sign_in("cleo")
    cleo.go("/portal/")
    cleo.go(f"/portal/{site.house.cleo.pk}/")
    assert "Ana Reyes" in cleo.text()
    cleo.go(f"/notes/{site.house.signed.pk}/", status=404)


def test_attack_87_back_after_signing_out_shows_nothing(arrive: Arrive, site: Site) -> None:
    ana = arrive().sign_in("ana")
    ana.go(f"/notes/{site.house.signed.pk}/")
    assert SECRET in ana.text()
    ana.press("Sign out")
    for _ in range(3):
        ana.page.go_back()
        ana.page.wait_for_load_state("load")
        ana.page.wait_for_timeout(300)
        assert SECRET not in ana.page.content()
    ana.page.goto(f"{site.url}/notes/{site.house.signed.pk}/")
    assert "/accounts/login/" in ana.page.url
    kept = ana.page.evaluate("JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])")
    assert SECRET not in kept


def test_the_counselor_reads_without_scripts(chromium: object, site: Site) -> None:
    """Reading and signing in ask for no JavaScript."""
    context = chromium.new_context(java_script_enabled=False)  # type: ignore[attr-defined]  # a browser
    page = context.new_page()
    page.goto(f"{site.url}/accounts/login/")
    page.fill("#id_login", "ana@sub.test")
    page.fill("#id_password", "a lantern over the water 77")
    page.click("form >> text=Sign in >> nth=0")
    page.goto(f"{site.url}/notes/{site.house.signed.pk}/")
    assert SECRET in page.inner_text("body")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_in_both_schemes(arrive: Arrive, site: Site, scheme: str) -> None:
    ana = arrive()
    ana.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
    ana.sign_in("ana")
    for path in (
        "/",
        "/clients/",
        f"/clients/{site.house.cleo.pk}/",
        f"/notes/{site.house.signed.pk}/",
        f"/notes/{site.house.draft.pk}/edit/",
    ):
        ana.go(path)
