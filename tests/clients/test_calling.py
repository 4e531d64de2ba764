"""Open-room mode: codes everywhere, and the names are not even opened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client as Browser

from audit.models import Event
from clients import actions as clients
from clients.calling import called
from clients.models import Client
from practice import open_room
from practice.models import User
from records.models import Note, Session
from tests.cast import SignIn, acting
from vault.fields import SealedField

NAMES = {"clients.client.given_name", "clients.client.family_name", "clients.client.preferred_name"}
PAGES = [
    "/", "/clients/", "/clients/{cleo}/", "/clients/{cleo}/edit/", "/clients/{cleo}/contacts/", "/clients/{cleo}/team/",
    "/clients/{cleo}/access/", "/clients/{cleo}/sessions/", "/clients/{cleo}/sessions/new/", "/clients/{cleo}/notes/new/",
    "/clients/{cleo}/status/", "/clients/{couple}/", "/clients/{couple}/sessions/new/",
]  # fmt: skip
HIDDEN = ("Cleo", "Marchetti", "Couplings")


@pytest.fixture
def couple(ana: User, cleo: Client) -> Client:
    with acting(ana):
        unit = clients.take_in(by=ana, counselor=ana, kind="couple", given_name="The", family_name="Couplings")
        clients.join_unit(unit, cleo, by=ana)
        cleo.emergency = {"name": "Tom Marchetti", "relation": "brother", "phone": "503 555 0143"}
        cleo.save()
    return unit


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """The labels of every sealed value that is opened."""
    labels: list[str] = []
    true = SealedField.unseal

    def noted(field: Any, row: Any, value: Any) -> Any:
        labels.append(field._label)
        return true(field, row, value)

    with patch.object(SealedField, "unseal", noted):
        yield labels


@pytest.fixture
def browser(browser_of: SignIn, ana: User) -> Browser:
    browser = browser_of(ana)
    assert browser.post("/open-room/", {"on": "1", "next": "/clients/"})["Location"] == "/clients/"
    return browser


@pytest.mark.parametrize("page", PAGES)
def test_no_page_says_or_opens_a_name(browser: Browser, cleo: Client, couple: Client, draft: Note, opened: list[str], page: str) -> None:
    answer = browser.get(page.format(cleo=cleo.pk, couple=couple.pk))
    assert answer.status_code == 200
    text = answer.text
    assert [name for name in HIDDEN if name in text.replace("cleo.marchetti", "").replace("Couples", "")] == []
    assert "cleo.marchetti@" not in text
    assert NAMES & {*opened} == set()


def test_notes_sessions_and_papers_hide_names_too(browser: Browser, session: Session, draft: Note, signed: Note, opened: list[str]) -> None:
    for page in (
        f"/sessions/{session.pk}/",
        f"/notes/{draft.pk}/edit/",
        f"/notes/{draft.pk}/sign/",
        f"/notes/{signed.pk}/",
        f"/notes/{signed.pk}/print/",
    ):
        answer = browser.get(page)
        assert answer.status_code == 200, page
        assert not any(name in answer.text for name in HIDDEN), page
    assert NAMES & {*opened} == set()


def test_the_same_pages_say_names_otherwise(
    browser_of: SignIn, ana: User, cleo: Client, couple: Client, draft: Note, opened: list[str]
) -> None:
    browser = browser_of(ana)
    for page in ("/", "/clients/", "/clients/{cleo}/", "/clients/{cleo}/edit/"):
        assert "Marchetti" in browser.get(page.format(cleo=cleo.pk)).text, page
    assert {*opened} >= NAMES


def test_a_search_answers_with_codes(browser: Browser, cleo: Client) -> None:
    text = browser.post("/clients/search/", {"words": "Marchetti"}).text.split("<tbody>")[1]
    assert "Marchetti" not in text
    assert cleo.code in text


def test_who_was_shown_by_code_stands_on_the_trail(ana: User, cleo: Client, browser: Browser, draft: Note) -> None:
    browser.get("/")
    with acting(ana):
        assert Event.objects.filter(act="list", part="home", client_id=cleo.pk).exists()


def test_names_come_back_and_the_form_says_what_it_does(browser: Browser, cleo: Client) -> None:
    assert "Names hidden" in browser.get("/clients/").text
    for _ in range(2):  # sent twice, it is the same
        browser.post("/open-room/", {"on": "0", "next": "//evil.test/"})
    assert "Marchetti" in browser.get("/clients/").text


def test_it_is_one_sessions_own_affair(browser: Browser, browser_of: SignIn, ana: User, cleo: Client) -> None:
    assert "Marchetti" in browser_of(ana).get("/clients/").text


def test_attack_76_the_way_back_is_a_path_of_ours(browser: Browser) -> None:
    for path in ("//evil.test/", "https://evil.test/", "/\\evil.test", "javascript:alert(1)"):
        assert browser.post("/open-room/", {"on": "1", "next": path})["Location"] == "/"


def test_clients_have_no_such_switch(browser_of: SignIn, portal_cleo: User) -> None:
    theirs = browser_of(portal_cleo)
    assert theirs.post("/open-room/", {"on": "1"}).status_code == 404
    assert "/open-room/" not in theirs.get("/portal/").text


def test_it_ends_with_the_request(ana: User, cleo: Client) -> None:
    with acting(ana):
        with open_room.held(True):
            assert called(cleo) == cleo.code
        assert called(cleo) == "Cleo Marchetti"
