"""Two persons let go of two old records: one is taken back, thirty days pass, and of the other a certificate is left."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from tests.committed import as_owner
from tests.retention.past import PLANTED, Past, counted, night

from .conftest import Arrive, Site, Traveller

pytestmark = pytest.mark.journey


def a_month_passes() -> None:
    """The server has a clock of its own: so the approval is older."""
    with as_owner(connection.settings_dict["NAME"]) as owner:
        owner.execute("ALTER TABLE retention_batch DISABLE TRIGGER approved_is_final")
        owner.execute("UPDATE retention_batch SET approved_at = approved_at - interval '31 days'")
        owner.execute("ALTER TABLE retention_batch ENABLE TRIGGER approved_is_final")


def propose(ada: Traveller, codes: list[str]) -> None:
    """Tick, type, choose Ana."""
    page = ada.go("/keeping/").page
    for code in codes:
        page.get_by_label(code).check()
    ada.press("Propose to destroy what is ticked")
    page.get_by_label("Who approves").select_option(label="Ana Reyes, LPC-A")
    for code in codes:
        page.get_by_label(f"Code of {code}").fill(code)
    ada.press("Propose", exact=True)
    assert "Proposed. Nothing happens until it is approved." in ada.text()


def approve(ana: Traveller, codes: list[str]) -> None:
    """From home; a wrong code first."""
    page = ana.go("/").page
    page.get_by_role("link", name="Approve a destruction?").click()
    ana.look()
    page.get_by_role("link", name="Approve", exact=True).click()
    for code in codes:
        page.get_by_label(f"Code of {code}").fill("amber-heron-1")
    with page.expect_navigation():
        page.get_by_role("button", name="Approve", exact=True).click()
    ana.trouble.clear()  # the browser calls a 422 an error
    assert "This is not the client's code." in ana.text()
    for code in codes:
        page.get_by_label(f"Code of {code}").fill(code)
    ana.press("Approve", exact=True)
    assert "In 30 days it is destroyed" in ana.text()


def test_two_persons_let_go_one_is_taken_back_and_a_certificate_is_left(arrive: Arrive, site: Site) -> None:
    house = site.house
    past = Past("", house.ana, house.ada, house.ben)
    kept, gone = past.old(), past.old()
    counted()
    ada, ana = arrive().sign_in("ada"), arrive().sign_in("ana")
    propose(ada, [kept.code, gone.code])
    approve(ana, [kept.code, gone.code])
    ada.page.reload()
    ada.page.get_by_role("link", name="Take back").click()
    ada.look().page.get_by_label(gone.code).uncheck()
    ada.page.get_by_label("Why it is taken back").fill("Her sister wrote to us.")
    ada.press("Take back", exact=True)
    assert "Can be taken back" in ada.text()
    a_month_passes()
    assert night() == 1
    ada.go(re.sub(r"^.*?(?=/destructions/)", "", ada.page.url))
    ada.page.get_by_role("link", name="Certificate D-").click()
    said = ada.look().text()
    assert gone.code in said
    assert "Approved by" in said
    assert "Sundial" not in said
    with ada.page.expect_download() as download:
        ada.page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename.startswith("certificate-D-")
    ana.go(f"/clients/{gone.pk}/", status=404)
    assert PLANTED.split()[-1].rstrip(".") in ana.go(f"/clients/{kept.pk}/documents/").text()
    assert "This record was destroyed" in ada.go(f"/clients/{gone.pk}/team/").text()
