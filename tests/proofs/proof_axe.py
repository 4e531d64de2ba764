"""Every page that people get to by following links, narrow and light, wide and dark: axe finds nothing, and nothing sticks out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import Site
from tests.journeys.conftest import site as site

from .figures import figure
from .walking import browser, pages_of

WHO = ("ana", "sofia", "ada", "dee", "cleo")
WAYS = (({"width": 320, "height": 700}, "light"), ({"width": 1280, "height": 900}, "dark"))
WORSE = """() => document.body.insertAdjacentHTML("beforeend", "<img src='data:,'><p class='wide'>.</p>")
  || (document.querySelector("p.wide").style.width = "2000px")"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def wrong_with(page: Page, path: str) -> list[str]:
    """What axe has to say of the page that is open, and how far it sticks out, each way it is looked at."""
    found = []
    for size, colours in WAYS:
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict
        page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]  # one of its words
        found += [f"{path} {colours}: {each['id']}" for each in Axe().run(page).response["violations"]]
        found += [f"{path}: {wide} px too wide at {size['width']}" for wide in [page.evaluate(TOO_WIDE)] if wide > 0]
    return found


def test_axe_has_nothing_to_say_of_any_page(site: Site, tmp_path: Path) -> None:
    many, wrong = Counter[str](), []
    with browser(tmp_path / "browser") as context:
        for who in WHO:
            for path, page in pages_of(context, site.url, who):
                wrong += wrong_with(page, f"{who} {path}")
                many[who] += 1
        _, page = next(pages_of(context, site.url, "ana"))
        page.evaluate(WORSE)
        control = wrong_with(page, "worse")
    figure(
        "axe violations and pages too wide",
        len(wrong),
        f"{many.total()} pages of {len(WHO)} people, at 320 px in light and 1280 px in dark",
        f"a picture without words and a line too long: {len(control)}",
    )
    assert len(control) >= len(WAYS) + 1
    assert min(many.values()) > 3, many
    assert wrong == []
