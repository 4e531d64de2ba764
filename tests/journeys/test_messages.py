"""Two parents write about one child: each sees only theirs; the counselor answers both, and files one to the record."""

from __future__ import annotations

import re

import pytest

from clients import actions as clients
from messaging.contents import contents_of
from messaging.models import Attachment
from practice.roles import Role
from tests.cast import acting, person
from tests.records.uploads import PLANTED, picture

from .conftest import Arrive, Site, Traveller

pytestmark = pytest.mark.journey
HERS, HIS = "She cries on Sundays, by the mauve bridge.", "She is fine here, by the khaki silo."


def writes(parent: Traveller, text: str, *files: dict[str, object]) -> Traveller:
    """From the menu to the sent message; the draft saves itself on the way."""
    parent.go("/portal/messages/").page.get_by_role("link", name=re.compile("^Write")).first.click()
    parent.press("Go on")
    box = parent.page.get_by_label("Your message")
    box.press_sequentially(text[:5])
    parent.page.get_by_text("Saved").wait_for()
    box.fill(text)
    if files:
        parent.page.get_by_label("Files").set_input_files(list(files))  # type: ignore[arg-type]  # plain dicts
    return parent.press("Send")


def answers(ana: Traveller, whom: str, text: str) -> Traveller:
    """From home to the sent answer."""
    ana.go("/").page.get_by_role("link", name=re.compile(f"from {whom}")).click()
    ana.look().page.get_by_label("Your message").fill(text)
    return ana.press("Send")


def test_two_parents_write_about_one_child(arrive: Arrive, site: Site) -> None:
    vera = person("Vera Aldana", Role.REPRESENTATIVE)
    with acting(site.house.ana):
        clients.give_portal(site.house.mia, vera, by=site.house.ana, represents=True)
    mother, father, ana = (arrive().sign_in(name) for name in ("vera", "gus", "ana"))
    writes(mother, HERS, {"name": "drawing.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    writes(father, HIS)
    answers(ana, "Vera", "Thank you both, each apart: Wednesday.")
    ana.page.get_by_role("link", name="File to the record").click()
    ana.look().page.get_by_role("checkbox").first.check()
    assert "From another person" in ana.press("File to the record").text()
    answers(ana, "Gus", "Good to hear.")
    for parent, own, other in ((mother, HERS, HIS), (father, HIS, HERS)):
        assert "A new message" in parent.go("/portal/").text()
        parent.page.get_by_role("link", name=re.compile("^Read")).first.click()
        shown = parent.look().text()
        assert own in shown
        assert other not in shown
    assert mother.go("/portal/messages/").page.get_by_role("link", name=re.compile("^Read")).count() == 1
    with acting(site.house.ana):
        (photo,) = Attachment.objects.all()
        raw = contents_of(photo)
    assert PLANTED.encode() not in raw
    assert b"Exif" not in raw
