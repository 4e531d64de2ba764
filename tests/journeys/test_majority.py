"""A teenager comes of age overnight: the mother's portal closes, the counselor is told, and the adult is invited and signs in.

Midnight comes by moving the practice across the date line, since the server has a clock of its own.
"""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest

from audit import clock
from clients import actions as clients
from clients import tasks
from clients.majority import birthday
from clients.models import Client
from practice.models import Practice
from practice.roles import Role
from tests.cast import PASSWORD, acting, person
from tests.committed import as_worker

from .conftest import NARROW, Arrive, Site, Traveller

pytestmark = pytest.mark.journey
EVE, DAY = "Pacific/Honolulu", "Pacific/Kiritimati"  # 24 hours apart: where it is the day before, and the day itself


def teenager(site: Site) -> Client:
    """Noa, who is of age tomorrow, with her mother in the portal."""
    Practice.objects.update(timezone=EVE)
    born = birthday(clock.now().astimezone(ZoneInfo(DAY)).date(), -18)
    ana, mother = site.house.ana, person("Rosa Winter", Role.REPRESENTATIVE)
    with acting(ana):
        noa = clients.take_in(by=ana, counselor=ana, kind="minor", given_name="Noa", family_name="Winter", born_on=born)
        paper = clients.add_representative(noa, by=ana, relation="parent", name="Rosa Winter", authority="parent", since=clock.now())
        clients.give_portal(noa, mother, by=ana, representative=paper)
    return noa


def midnight() -> None:
    """The night, and the worker's round in it."""
    Practice.objects.update(timezone=DAY)
    with as_worker():
        tasks.look_for_majority()
        tasks.make_adults()


def invite(ana: Traveller, noa: Client) -> tuple[str, str]:
    """From home to the link and the words, which are told once."""
    page = ana.go("/").page
    assert "Of age since" in ana.text()
    page.get_by_role("link", name=re.compile("^Portal of")).click()
    ana.look()
    page.get_by_role("link", name="Invite", exact=True).click()
    page.get_by_label("The client").check()
    page.get_by_label("A link that I hand over myself").check()
    ana.press("Invite", exact=True)
    link = re.search(r"/invited/[\w-]+/", ana.text())
    assert link
    return link[0], page.locator("p.secret[lang=en]").inner_text()


def test_a_teenager_comes_of_age_overnight_is_invited_and_signs_in(arrive: Arrive, site: Site) -> None:
    noa = teenager(site)
    rosa = arrive().sign_in("rosa").go(f"/portal/{noa.pk}/")
    assert "Noa" in rosa.text()
    midnight()
    rosa.go(f"/portal/{noa.pk}/", status=404)
    link, words = invite(arrive().sign_in("ana"), noa)
    phone = arrive()
    phone.page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # a plain dict
    phone.go(link).page.get_by_label("Your three words").fill(words)
    phone.press("Go on")
    phone.page.get_by_label("Your e-mail address").fill("noa@sub.test")
    for label in ("New password", "New password, once more"):
        phone.page.get_by_label(label, exact=True).fill(PASSWORD)
    phone.press("Save and go in")
    assert "Noa" in phone.text()
    again = arrive().sign_in("noa").go(f"/portal/{noa.pk}/")
    assert "Noa" in again.text()
    assert "Winter" not in again.page.title()
