"""A supervisee's month in a real browser: agreement, a meeting both sign, a co-signed note, the report of hours as PDF."""

from __future__ import annotations

import datetime
import io

import pytest
from django.utils import timezone
from pypdf import PdfReader

from audit import clock
from practice.models import Practice
from records import actions as records
from records.models import Session
from tests.cast import SECRET, acting, write_note

from .conftest import Arrive, Site, Traveller

pytestmark = pytest.mark.journey
TOPICS = "We spoke of endings, and of the walnut tide."


def held(site: Site) -> None:
    """Yesterday's session of Ana, with a signed note that waits for a co-signature."""
    house = site.house
    start = clock.now() - datetime.timedelta(hours=26)
    with acting(house.ada):
        records.set_cosign_rule(house.ana, ["progress"], by=house.ada)
    with acting(house.ana):
        facts = {"starts_at": start, "ends_at": start + datetime.timedelta(minutes=50), "modality": "in_person"}
        session: Session = records.plan_session(house.cleo, by=house.ana, **facts)
    write_note(house.ana, house.cleo, session=session, signed=True)


def fill(who: Traveller, **given: str) -> None:
    """Type into the fields of these names."""
    for name, value in given.items():
        who.page.fill(f"main form [name={name}]", value)


def test_a_supervisees_month_from_agreement_to_hours_report(arrive: Arrive, site: Site) -> None:
    with timezone.override(Practice.objects.get().timezone):
        today = clock.today()
    day = datetime.timedelta(days=1)
    sofia, ana = arrive().sign_in("sofia"), arrive().sign_in("ana")
    page = sofia.go("/supervision/agreements/new/").page
    page.select_option("[name=supervisor]", str(site.house.sofia.pk))
    page.select_option("[name=supervisee]", str(site.house.ana.pk))
    page.select_option("[name=board]", "tx_lpc")
    page.get_by_label("Individual").check()
    page.select_option("[name=licence_state]", "TX")
    fill(sofia, since=str(today - 9 * day), until=str(today + 300 * day), licence_number="70412")
    fill(sofia, licence_from="2015-01-01", licence_until="2035-01-01", cover="Ben, by phone.", fees="Nothing is paid.")
    sofia.press("Save it")
    sofia.press("Sign this agreement")
    ana.go("/").page.get_by_role("link", name="Sofia Lindqvist supervises").click()
    ana.look().press("Sign this agreement")
    assert "In force" in ana.text()

    held(site)
    sofia.go("/supervision/").page.get_by_role("link", name="Write down a meeting").click()
    fill(sofia, date=str(today - day), start="09:00", stop="10:30")
    sofia.press("Go on")
    fill(sofia, topics=TOPICS)
    sofia.page.get_by_label(site.house.cleo.code).check()
    sofia.press("Read and sign")
    sofia.press("Sign this meeting")
    ana.go("/").page.get_by_role("link", name="Meeting of").click()
    assert TOPICS in ana.look().text()
    ana.press("Sign this meeting")
    sofia.go("/supervision/").page.get_by_role("link", name="Open the queue").click()
    sofia.look().page.get_by_role("link", name="Read and co-sign").first.click()
    assert SECRET in sofia.look().text()
    sofia.press("Co-sign")

    ana.go("/supervision/").page.get_by_role("link", name="With Sofia Lindqvist").click()
    assert "1 h 30 min" in ana.look().text()
    assert ana.page.get_by_role("img", name="Two bars for each month").is_visible()
    ana.press("Make a report of these days")
    ana.press("Sign", exact=True)
    sofia.go("/").page.get_by_role("link", name="Report of hours").click()
    sofia.look().press("Sign", exact=True)
    with sofia.page.expect_download() as coming:
        sofia.page.get_by_role("link", name="Fetch as PDF").click()
    paper = PdfReader(io.BytesIO(coming.value.path().read_bytes()))
    words = " ".join(" ".join(each.extract_text() for each in paper.pages).split())
    assert "1 h 30 min" in words
    assert "1 h 40 min" in words  # with clients: this session, and the one that was there
    assert not [name for name in ("Cleo", "Marchetti", site.house.cleo.code, TOPICS, SECRET) if name in words + str(paper.metadata)]
