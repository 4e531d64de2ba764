"""A couple's session in a real browser: the shared part, the copy in each one's own record, and a part of one's own."""

from __future__ import annotations

import datetime

import pytest

from audit import clock
from clients import actions as clients
from clients.models import Client
from tests.cast import acting

from .conftest import Arrive, Site, Traveller

pytestmark = pytest.mark.journey
SHARED = "They will build a paper boat together."
OWN = "Alone, she spoke of the green door."


def agreed(site: Site) -> Client:
    """Cleo and a man called Will as a couple, whose shared part goes into each one's own record."""
    ana, couple = site.house.ana, site.house.couple
    with acting(ana):
        will = clients.take_in(by=ana, counselor=ana, given_name="Wilhelm", family_name="Thorvaldsen", preferred_name="Will")
        for person in (site.house.cleo, will):
            clients.join_unit(couple, person, by=ana)
        words = {"who_is_client": "The two of them.", "secrets": "None are kept.", "how": "On paper."}
        since = clock.today() - datetime.timedelta(days=2)
        clients.record_agreement(couple, by=ana, shared_into_records=True, since=since, **words)
    return couple


def write(counselor: Traveller, text: str) -> None:
    """Type into the draft and ask to sign it."""
    counselor.page.locator("form[data-autosave] textarea").first.fill(text)
    counselor.press("Sign & lock")
    assert text in counselor.text()


def test_ic_34_a_couples_session_from_the_plan_to_the_copy(arrive: Arrive, site: Site) -> None:
    couple, cleo = agreed(site), site.house.cleo
    ana = arrive().sign_in("ana")
    page = ana.go(f"/clients/{couple.pk}/sessions/new/").page
    assert page.get_by_role("checkbox", checked=True).count() == 2
    ana.press("Save and write the note")
    assert page.get_by_role("navigation", name="Parts of this session").inner_text().count("not begun") == 2
    write(ana, SHARED)
    assert page.locator("mark").inner_text() == "will"
    with page.expect_navigation():
        page.get_by_role("button", name="Sign & lock").click()
    ana.trouble.clear()  # the browser calls a 422 an error
    assert "IC-34" in ana.look().page.get_by_role("alert").inner_text()
    page.get_by_label("is not a person here").check()
    ana.press("Sign & lock")
    page.go_back() if "/notes/" not in page.url else None
    ana.go(page.get_by_role("link", name="Open the session").get_attribute("href") or "")
    ana.press("Begin: Cleo")
    write(ana, OWN)
    ana.press("Sign & lock")
    ana.go(f"/clients/{cleo.pk}/sessions/")
    assert "couple session" in ana.text()
    page.locator("li .note-line", has_text="Shared part, copied").get_by_role("link").click()
    assert SHARED in ana.look().text()
    for name in ("Thorvaldsen", "Wilhelm", "Couplings", couple.code):
        assert name not in page.content()
