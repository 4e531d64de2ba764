"""A lawyer's subpoena without an order is refused and answered neutrally, in a real browser (LP-2, LP-5)."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from disclosures import actions
from disclosures.models import Disclosure
from practice.models import Practice
from tests.cast import acting
from tests.disclosures.serving import served

from .conftest import Arrive, Site

pytestmark = pytest.mark.journey


def fill(page: Page, **given: str) -> None:
    """Type into the fields of these names."""
    for name, value in given.items():
        page.fill(f"main form [name={name}]", value)


def test_a_lawyers_subpoena_without_order_is_refused_and_answered_neutrally(arrive: Arrive, site: Site) -> None:
    house = site.house
    row = served(house.cleo, house.ana, "subpoena_attorney", issuer="Law office of Birch and Larkin")
    ana = arrive().sign_in("ana").go(f"/legal/{row.pk}/")
    page = ana.page
    fill(page, number="Marchetti v. Marchetti, no. 26-0417", words="Any and all records of treatment.")
    page.get_by_label("Where does it come from?").select_option("US")
    page.get_by_label("Progress notes").check()
    ana.press("Log it")
    assert "not even whether somebody is a client" in ana.text()  # LP-5: nothing leaves from here

    page.locator("summary", has_text="Write a letter").click()
    assert page.locator("[name=kind]").count() == 1  # there is one letter
    ana.press("Write it", exact=True)
    with page.expect_download() as coming:
        page.get_by_role("link", name="PDF").click()
    paper = PdfReader(io.BytesIO(coming.value.path().read_bytes()))
    words = " ".join(" ".join(each.extract_text() for each in paper.pages).split())
    assert "neither confirm nor deny" in words
    assert not [name for name in ("Cleo", "Marchetti", house.cleo.code) if name in words + str(paper.metadata)]

    with acting(house.ana):
        row.refresh_from_db()
        actions.validate_process(row, "Called their office.", practice=Practice.objects.get(), by=house.ana)
        actions.tell_of_process(row, actions.ToldOf("In session."), by=house.ana)
    ana.go(f"/legal/{row.pk}/")
    page.locator("summary", has_text="It may be answered").click()
    page.get_by_label("Satisfactory assurance, and").check()
    with page.expect_navigation():  # a refusal is a 422, which the browser writes down as an error
        page.get_by_role("button", name="It may be answered", exact=True).click()
    assert page.get_by_role("alert").is_visible()
    assert "came without satisfactory assurance" in ana.text()
    assert "LP-2" in ana.text()
    with acting(house.ana):
        assert not Disclosure.objects.exists()
