"""A counselor brings clients in from another system: columns, a try, left in the middle, gone on, wrong rows mended and sent again."""

from __future__ import annotations

import os
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Route

from clients.access import counseled_clients
from tests.cast import acting

from .conftest import Arrive, Site, Traveller

pytestmark = pytest.mark.journey
HEADS = "Client ID;First Name;Last Name;DOB\n"
GOOD = "".join(f"{number};Given{number};Quince{number};31.3.1990\n" for number in range(100, 150))
WRONG = "901;Ned;Late;31.31.1990\n902;;Nameless;1.1.1990\n"


def sends(ana: Traveller, name: str, content: bytes) -> Traveller:
    """From the menu to the file that was sent."""
    ana.go("/moving/").page.get_by_role("link", name="Bring records in").click()
    ana.look().page.get_by_label("Clients", exact=True).check()
    ana.page.get_by_label("Where it comes from").select_option("other")
    ana.page.get_by_label("File", exact=True).set_input_files([{"name": name, "mimeType": "text/csv", "buffer": content}])
    return ana.press("Send the file")


def chooses(ana: Traveller) -> Traveller:
    """The columns are guessed and shown beside the first rows; days are written day first."""
    ana.page.get_by_label("How days are written").select_option("eu")
    return ana.press("Go on")


def test_clients_come_in_from_a_file_with_wrong_rows(arrive: Arrive, site: Site, tmp_path: Path) -> None:
    ana = arrive().sign_in("ana")
    with acting(site.house.ana):
        before = counseled_clients(site.house.ana).count()
    sends(ana, "people.csv", (HEADS + GOOD + WRONG).encode("cp1252"))
    assert "These headings are guessed" in ana.text()
    assert "Quince100" in ana.text()
    chooses(ana)
    tried = ana.press("Try it first").text()
    assert "Row 51" in tried
    assert "Nothing was brought in" in tried
    ana.press("Bring it in")
    address = ana.page.url.removeprefix(site.url)
    ana.go("/")  # away in the middle: the first forty are in
    with acting(site.house.ana):
        assert counseled_clients(site.house.ana).count() - before in (40, 50)
    ana.go(address).page.get_by_text(re.compile("52 of 52 settled: 50 brought in, 0 here already, 2 to mend")).wait_for()
    assert "Row 52" in ana.look().text()
    with ana.page.expect_download() as download:
        ana.page.get_by_role("link", name=re.compile("Save all 2")).click()
    download.value.save_as(tmp_path / "wrong.csv")
    mended = (tmp_path / "wrong.csv").read_text("utf-8-sig").replace("31.31.1990", "31.12.1990").replace("902,,", "902,Nora,")
    sends(ana, "mended.csv", mended.encode())
    chooses(ana).press("Bring it in")
    ana.page.get_by_text(re.compile("2 of 2 settled: 2 brought in, 0 here already, 0 to mend")).wait_for()
    sends(ana, "people.csv", (HEADS + GOOD).encode())  # the first file once more: nothing is made twice
    chooses(ana).press("Bring it in")
    ana.page.get_by_text(re.compile("50 of 50 settled: 0 brought in, 50 here already")).wait_for()
    with acting(site.house.ana):
        assert counseled_clients(site.house.ana).count() - before == 52


def test_a_large_zip_is_cut_off_in_the_middle_and_goes_on_where_it_was(arrive: Arrive, tmp_path: Path) -> None:
    large = tmp_path / "charts.zip"
    with zipfile.ZipFile(large, "w", zipfile.ZIP_STORED) as charts:
        charts.writestr("nobody.pdf", os.urandom(11 * 1024 * 1024))
    ana = arrive().sign_in("ana")
    ana.go("/moving/in/").page.get_by_label("PDF charts, in a zip").check()
    ana.page.get_by_label("Where it comes from").select_option("other")
    ana.page.get_by_label("File", exact=True).set_input_files(large)
    sent: list[int] = []

    def cut(route: Route) -> None:
        sent.append(1)
        route.continue_() if len(sent) == 1 else route.abort()

    ana.page.route("**/part/", cut)
    ana.page.get_by_role("button", name="Send the file").click()
    ana.page.get_by_text("It was cut off").wait_for(timeout=60_000)
    ana.page.unroute("**/part/")
    ana.trouble.clear()  # the browser tells of what was cut off
    ana.go("/moving/in/").page.get_by_role("link", name=re.compile("PDF charts")).first.click()
    assert "4.0\u00a0MB of 11.0\u00a0MB are here" in ana.look().text()
    ana.page.get_by_label("The same file").set_input_files(large)
    ana.page.get_by_role("button", name="Go on sending").click()
    ana.page.get_by_text(re.compile("0 of 1 settled")).wait_for(timeout=60_000)
    assert "0 of 1 files are named by a client of yours" in ana.look().text()
