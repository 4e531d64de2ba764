"""The page of operations: numbers for admins, which name nobody, and say so where a part does not answer."""

from __future__ import annotations

from typing import Any

from clients.models import Client
from practice.models import User
from records.models import Note
from tests.cast import SECRET, SignIn
from upkeep import standing


def figure(name: str) -> standing.Figure:
    return next(each for group in standing.groups() for each in group.figures if each.name == name)


def test_admins_see_how_the_machinery_stands_and_nothing_of_a_client(browser_of: SignIn, ada: User, cleo: Client, signed: Note) -> None:
    page = browser_of(ada)
    text = page.get("/operations/").text
    for name in ("Jobs in the queue", "Notices due", "Last seal", "Database and web, apart", "Room for backups", "No backup was made yet"):
        assert name in text
    assert [word for word in ("Cleopatra", "Marchetti", SECRET, str(cleo.pk), cleo.code) if word in text] == []


def test_t13_the_page_says_that_redis_is_away_and_still_comes(db: None, settings: Any) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    found = figure("Jobs in the queue")
    assert (found.well, found.words) == (False, "Redis does not answer")


def test_clocks_that_differ_are_told(db: None) -> None:
    assert figure("Database and web, apart").well
