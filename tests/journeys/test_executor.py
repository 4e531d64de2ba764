"""A counselor cannot go on: asked by the custodian, released by another, one client told and written down, and she is back."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from tests.committed import as_owner
from tests.executor.made import in_force

from .conftest import Arrive, Site, Traveller

pytestmark = pytest.mark.journey


def a_day_passes() -> None:
    """The server has a clock of its own: so the release is older."""
    with as_owner(connection.settings_dict["NAME"]) as owner:
        owner.execute("ALTER TABLE executor_activation DISABLE TRIGGER released_is_final")
        moved = ", ".join(f"{name} = {name} - interval '25 hours'" for name in ("released_at", "opens_at"))
        owner.execute(f"UPDATE executor_activation SET {moved}")
        owner.execute("ALTER TABLE executor_activation ENABLE TRIGGER released_is_final")


def ask(ben: Traveller) -> None:
    """From the list of plans; without how it is known first."""
    page = ben.go("/executor/").page
    page.get_by_role("link", name="Ana Reyes").click()
    page.get_by_role("link", name="Put the plan to use").click()
    page.get_by_label("Why", exact=True).select_option(label="Illness or another incapacity")
    page.get_by_label("What happened").fill("Ill.")
    with page.expect_navigation():
        page.get_by_role("button", name="Ask for it").click()
    ben.trouble.clear()  # the browser calls a 422 an error
    assert "How it is known is missing" in ben.text()
    page.get_by_label("What happened").fill("Her husband rang from the hospital; his mail is in the safe.")
    ben.press("Ask for it")
    assert "Waits for a second person" in ben.text()


def release(ada: Traveller) -> None:
    """From home."""
    page = ada.go("/").page
    page.get_by_role("link", name="Release the plan of").click()
    ada.look().page.get_by_role("link", name="Release it").click()
    ada.press("Release it")
    assert "Released, opens soon" in ada.text()


def work(ben: Traveller) -> None:
    """Make the list, look at Cleo, write down what was said."""
    page = ben.go("/").page
    page.get_by_role("link", name="The list of Ana Reyes").click()
    ben.press("Make the list")
    said = ben.look().text()
    assert "Cleo Marchetti" in said
    assert "blue heron sentence" not in said
    page.get_by_role("link", name="Cleo Marchetti").click()
    ben.look().page.get_by_label("Told").select_option(label="By phone")
    page.get_by_label("Where they go").select_option(label="Goes on with a colleague here")
    page.get_by_label("What was said and agreed").fill("She would like to see Lena, in the mornings.")
    ben.press("Keep")
    assert "1 of" in ben.text()


def test_two_persons_open_the_limited_list_a_client_is_told_and_the_counselor_stops_it(arrive: Arrive, site: Site) -> None:
    house = site.house
    in_force(house.ana, house.ben, house.sofia)
    ben, ada, ana = (arrive().sign_in(name) for name in ("ben", "ada", "ana"))
    ask(ben)
    release(ada)
    a_day_passes()
    work(ben)
    path = re.sub(r"^.*?(?=/executor/)", "", ben.page.url)
    ada.page.reload()
    said = ada.look().text()
    assert house.cleo.code in said
    assert "By phone" in said
    assert "Marchetti" not in said
    ana.go("/").page.get_by_role("link", name="Stop it").click()
    ana.look()
    ana.press("Stop it")
    assert "Nothing of it is open any more" in ana.text()
    ben.go(path, status=404)
