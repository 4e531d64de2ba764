"""A client in danger at home says in the portal how she may be reached, and nothing ever reaches the old address or number again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core import mail
from django.test import override_settings

from clients.models import Channel
from messaging import actions as messaging
from practice.actions import outbox
from tests.cast import acting
from tests.committed import as_worker
from tests.reached import may_use, reachable

from .conftest import Arrive, Site, Traveller

pytestmark = pytest.mark.journey
HOME, SAFE = "shared.home@mail.test", "only.hers@mail.test"


def never(her: Traveller, way: str, address: str) -> None:
    """By this way, never to this address."""
    her.page.get_by_role("link", name=f"Change {way}").click()
    her.look().page.get_by_role("radio", name="Never", exact=True).check()
    her.page.get_by_role("radio", name=address).check()
    her.press("Save")


def new_address(her: Traveller) -> None:
    """An address that only she reads; the code that went there says that it is hers, and she goes through what can go wrong."""
    her.page.get_by_role("link", name="Add a number or an address").click()
    her.look().page.get_by_role("radio", name="E-mail").check()
    her.page.get_by_label("Number or address").fill(SAFE)
    her.press("Save").press("Send a code")
    with as_worker():
        outbox.send_due()
    code = re.search(r"\b\d{6,8}\b", mail.outbox[-1].body)
    assert code
    her.page.get_by_label("Code").fill(code[0])
    her.press("That is the code")
    her.go(her.page.url.split("/reach/")[0].removeprefix(her.site.url) + "/reach/")
    her.page.get_by_role("link", name="Change Plain e-mail").click()
    her.look().page.get_by_role("radio", name="Yes").check()
    her.page.get_by_role("radio", name=SAFE).check()
    for box in her.page.get_by_role("checkbox").all():
        if box.is_visible():
            box.check()
    her.press("Save")


def writes(ana: Traveller, client: str) -> None:
    """A message in the portal, of which a notice tells."""
    ana.go(f"/clients/{client}/messages/").page.get_by_role("link", name=re.compile("^Write")).first.click()
    for choice in ("person", "kind"):
        ana.page.locator(f"[name={choice}]").first.check()
    ana.press("Go on").page.get_by_label("Your message").fill("Shall we meet on Thursday?")
    ana.press("Send")


def test_a_client_in_danger_at_home_is_reached_only_where_it_is_safe(arrive: Arrive, site: Site, tmp_path: Path) -> None:
    cleo, ana = site.house.cleo, site.house.ana
    with acting(ana):  # as it was until today
        reachable(cleo, ana, "mail", HOME)
        phone = may_use(cleo, ana, cleo.contact_points.get(kind="phone"))
        old = phone.address
    her = arrive().sign_in("cleo")
    her.go(f"/portal/{cleo.pk}/reach/")
    never(her, "Plain e-mail", HOME)
    never(her, "Text messages", old)
    never(her, "Calls", old)
    new_address(her)
    her.page.get_by_role("link", name="Change what holds for every way").click()
    her.look().page.get_by_label("Show a button to leave the portal quickly").check()
    her.press("Save")
    mail.outbox.clear()
    writes(arrive().sign_in("ana"), str(cleo.pk))
    with acting(ana), override_settings(OUTBOX_DIR=str(tmp_path)):
        for channel in (Channel.MAIL, Channel.SMS, Channel.VOICE, Channel.VOICEMAIL, Channel.POST):
            messaging.notify("paper", messaging.To(cleo, channel=channel), messaging.Words("A paper", "Read it."), by=ana)
    with as_worker(), override_settings(OUTBOX_DIR=str(tmp_path)):
        outbox.send_due()
    assert {to for letter in mail.outbox for to in letter.to} == {SAFE}
    assert old not in "\n".join(path.read_text() for path in tmp_path.rglob("*.txt"))
    her.page.get_by_role("link", name="Leave quickly").click()
    assert "counsel" not in her.look().text().lower() + her.page.title().lower()
    her.page.goto(f"{site.url}/portal/")
    assert "/accounts/login/" in her.page.url
