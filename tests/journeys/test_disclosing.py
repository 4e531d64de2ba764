"""What leaves the house, in a real browser: an abuse report on a Friday evening, and a couple after a break-up."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from audit import clock
from clients import actions as clients
from clients.models import Client
from practice.models import Practice
from records import actions as records
from tests.cast import acting, write_note
from tests.consented import consented

from .conftest import Arrive, Site, Traveller

pytestmark = pytest.mark.journey
FACTS = "The boy by the copper weir had marks on both arms."
TOGETHER, OWN = "They spoke of the cobalt kettle.", "Alone, she spoke of the green door."


def last_friday() -> datetime.datetime:
    """A quarter past five on the last Friday that is over, where the practice is."""
    now = timezone.localtime(clock.now())
    evening = now.replace(hour=17, minute=15, second=0, microsecond=0) - datetime.timedelta(days=(now.weekday() - 4) % 7)
    return evening if evening < now else evening - datetime.timedelta(days=7)


def unfold(counselor: Traveller, words: str, **given: str) -> None:
    """Open the step ``words`` and fill in its fields."""
    counselor.page.locator("summary", has_text=words).click()
    for name, value in given.items():
        counselor.page.locator(f"details[open] [name={name}]").fill(value)


def test_rep_1_an_abuse_report_on_a_friday_evening(arrive: Arrive, site: Site) -> None:
    cleo, evening = site.house.cleo, last_friday()
    with acting(site.house.ada):
        Practice.objects.update(states=["CA"])
    ana = arrive().sign_in("ana")
    page = ana.go(f"/clients/{cleo.pk}/exceptions/new/").page
    page.get_by_label("Child abuse").check()
    page.get_by_label("Which state's law holds?").select_option("CA")
    page.fill("[name=learned_at]", f"{evening:%Y-%m-%dT%H:%M}")
    page.fill("[name=facts]", FACTS)
    page.fill("[name=source]", "He said so in the session.")
    ana.press("Show what is due")
    by = evening + datetime.timedelta(hours=36)
    assert f"{by.day} {by:%b %Y, %H:%M}" in ana.text()  # the written report: 36 hours, over the weekend
    here = page.url.removeprefix(site.url)
    ana.press("Ask my supervisor")

    unfold(ana, "I made a report", agency="The county's child protection", person="Officer 12", number="CP-77", given="What he said\nMarks")
    page.locator("details[open]").get_by_label("By word of mouth").check()
    for field in page.locator("details[open] textarea[name^=ask_]").all():
        field.fill("Penal Code 11166.")
    page.locator("details[open]").get_by_role("button").click()  # nobody answered yet: an oral report waits for nobody
    assert "CP-77" in ana.look().text()
    unfold(ana, "Decide, with your reasons", standard="Reasonable suspicion: marks and words.", rationale="Both agree.")
    page.locator("details[open]").get_by_label("Report it").check()
    page.locator("details[open]").get_by_role("button").click()
    unfold(ana.look(), "Whether the client is told", discussion="At the end of the hour; he was relieved.")
    page.locator("details[open]").get_by_role("radio").first.check()
    page.locator("details[open]").get_by_role("button").click()
    unfold(ana.look(), "It is over", follow_up="They visit on Monday.")
    page.locator("details[open]").get_by_role("button").click()
    page.wait_for_url("**/close/")
    ana.trouble.clear()  # the browser calls a 422 an error
    assert "REP-2" in ana.look().text()  # the written report is still due

    sofia = arrive().sign_in("sofia")
    assert "copper weir" not in sofia.text()
    client = arrive().sign_in("cleo")
    client.go(f"/portal/{cleo.pk}/accounting/")
    assert "child protection" not in client.text()
    assert "exception" not in client.go(f"/portal/{cleo.pk}/opened/").text().casefold()
    ana.go(here)


def _together(site: Site) -> Client:
    """Cleo and Will, who came as a couple, and Cleo came on alone; a signed note of each."""
    ana, couple, cleo = site.house.ana, site.house.couple, site.house.cleo
    start = clock.now() - datetime.timedelta(hours=30)
    with acting(ana):
        will = clients.take_in(by=ana, counselor=ana, given_name="Wilhelm", family_name="Thorvaldsen", preferred_name="Will")
        for person in (cleo, will):
            clients.join_unit(couple, person, by=ana)
        consented(couple, ana)
        for client, text in ((couple, TOGETHER), (cleo, OWN)):
            ends = start + datetime.timedelta(minutes=50)
            session = records.plan_session(client, by=ana, starts_at=start, ends_at=ends, modality="in_person", place="Room 2")
            write_note(ana, client, session=session, signed=True, text=text)
            start += datetime.timedelta(hours=2)
    return couple


def _begin_release(ana: Traveller, client: Client) -> str:
    """Begin a release on the client's own request; the text of its page."""
    page = ana.go(f"/clients/{client.pk}/releases/new/?basis=individual").page
    for name in ("asked", "verified", "purpose"):
        page.fill(f"[name={name}]", "Her lawyer, by letter; called back at the number in the register.")
    page.fill("[name=recipient]", "Cleo Marchetti")
    ana.press("Go on to the checks")
    return ana.text()


def test_ic_33_a_couple_after_a_break_up(arrive: Arrive, site: Site) -> None:
    couple, cleo = _together(site), site.house.cleo
    ana = arrive().sign_in("ana")
    ana.go(f"/clients/{couple.pk}/").page.get_by_role("link", name="Remove Will").click()
    ana.look().press("Remove")
    assert "IC-33" in _begin_release(ana, couple)  # he left, and is asked all the same
    assert ana.page.get_by_role("link", name="Send it").count() == 0
    _begin_release(ana, cleo)
    page = ana.page
    for box in page.locator("[name=notes]").all():
        box.check()
    ana.press("Show exactly what leaves")
    page.locator("summary", has_text="Read it here").click()
    assert OWN in ana.text()
    assert TOGETHER not in page.content()
