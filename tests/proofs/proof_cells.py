"""T01 over real HTTP: each line of the matrix's policy asked of the running web by everybody, through sockets, cookies and middleware.

In the suite the same cells are asked inside the process, each of an untouched world (tests/matrix). Here all are asked of one world,
strangers first: by GET of everybody, by POST of those who may not. What those who may would change by POST is the suite's.
"""

from __future__ import annotations

import http.client
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import pytest
from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY, AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from tests.cast import browser_of
from tests.committed import as_owner, own_database
from tests.matrix.test_matrix import PRIVATE_LINES, headers_missing, leaks, takes
from tests.matrix.things import OUTSIDE, SIGNED_IN, World, build

from .faults.web import web
from .figures import figure

GONE = 404
LONG = 3600  # seconds
HERE = (200, 302, 409, 422)
ENROLLING = ("mfa_", "signin_", "account_reauthenticate", "factor_reset_object")  # where a second factor is set up, and one's own sessions
FORM = "application/x-www-form-urlencoded"


class Cell(NamedTuple):
    """One question, and which statuses answer it rightly."""

    who: str
    method: str
    route: str
    thing: str
    right: tuple[int, ...]


class Visitor:
    """Somebody's browser, with the session that the world gave them, on one connection that is kept."""

    def __init__(self, site: str, cookies: dict[str, str]) -> None:
        self.link = http.client.HTTPConnection(urlsplit(site).netloc, timeout=60)
        self.token = secrets.token_hex(16)
        told = cookies | {settings.CSRF_COOKIE_NAME: self.token}
        self.headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in told.items()), "Referer": site + "/"}

    def ask(self, method: str, path: str) -> HttpResponse:
        body = urlencode({"csrfmiddlewaretoken": self.token}).encode() if method == "POST" else None
        self.link.request(method, path, body, self.headers | ({"Content-Type": FORM} if body else {}))
        answer = self.link.getresponse()
        return HttpResponse(answer.read(), status=answer.status, headers=dict(answer.getheaders()))


def _just_signed_in(world: World) -> None:
    """Everybody has shown who they are, fresh for as long as this takes: what is stale is another cell (tests/matrix/fresh.py)."""
    for who in SIGNED_IN:
        kept = world.browsers[who].session
        kept[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() + LONG}]
        kept[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(world.users[who].pk)
        kept.save()


def _cells(who: str) -> Iterator[Cell]:
    """What is asked as ``who``: what they may not, and then what they may."""
    mine = [(route, thing, who in may) for route, thing, may in PRIVATE_LINES]
    for route, thing, may in sorted(mine, key=lambda line: line[2]):
        for method in ("GET", "POST"):
            if who in OUTSIDE:
                loose = who == "nofactor" and route.startswith(ENROLLING)
                yield Cell(who, method, route, thing, (*HERE, GONE, 405) if loose else (302,))
            elif not takes(route, method.lower()):
                yield Cell(who, method, route, thing, (405,))
            elif not may or method == "GET":
                yield Cell(who, method, route, thing, HERE if may else (GONE,))


def _wrong(world: World, visitor: Visitor, cell: Cell) -> tuple[int, list[str]]:
    """The status of ``cell``, and what is wrong about its answer."""
    answer = visitor.ask(cell.method, reverse(cell.route, kwargs=world.things[cell.thing]))
    found = [*leaks(cell.who, answer), *headers_missing(answer)]
    return answer.status_code, found + ([] if answer.status_code in cell.right else [str(answer.status_code)])


def _asked(world: World, site: str, who: str) -> list[tuple[Cell, int, list[str]]]:
    visitor = Visitor(site, {name: morsel.value for name, morsel in world.browsers[who].cookies.items()})
    with closing(visitor.link):
        return [(cell, *_wrong(world, visitor, cell)) for cell in _cells(who)]


def _lines(name: str) -> Counter[str]:
    """How often each person was refused, by the trail."""
    with as_owner(name) as cursor:
        cursor.execute("SELECT actor_id, count(*) FROM audit_event WHERE act = 'refused' GROUP BY actor_id")
        return Counter({str(actor): many for actor, many in cursor.fetchall()})


@pytest.mark.parametrize("opened", [False, True], ids=["as it is", "control: one door opens to everybody"])
def test_t01_over_http_everybody_gets_what_the_policy_says(
    django_db_setup: None, django_db_blocker: Any, worker_id: str, tmp_path: Path, opened: bool
) -> None:
    application = "tests.proofs.faults.opened:application" if opened else "config.wsgi:application"
    with own_database(django_db_blocker, worker_id) as name:
        world = build(browser_of.__wrapped__())  # type: ignore[attr-defined]  # a fixture's own function
        _just_signed_in(world)
        before = _lines(name)
        with web(name, tmp_path, application=application, SUBROSA_DEMO="0") as server, ThreadPoolExecutor(4) as pool:
            told = [one for each in pool.map(lambda who: _asked(world, server.site, who), (*SIGNED_IN, *OUTSIDE)) for one in each]
        after = _lines(name)
    wrong = [f"{cell.who} {cell.method} {cell.route} {cell.thing}: {', '.join(found)}" for cell, _, found in told if found]
    denied = Counter(str(world.users[cell.who].pk) for cell, status, _ in told if status == GONE and cell.who in SIGNED_IN)
    unsaid = sum((denied - (after - before)).values())
    sys.stdout.write(
        f"\nT01 over HTTP{', one door open' if opened else ''}: {len(told):,} cells, {len(wrong)} wrong, "
        f"{denied.total():,} refused, {unsaid} of them without a line; {wrong[:5]}\n"
    )
    if opened:
        figure("T01 wrong cells over HTTP", control=f"one door opens to everybody: {len(wrong)} wrong")
        assert wrong
        return
    figure("T01 wrong cells over HTTP", len(wrong) + unsaid, f"{len(told):,} cells")
    assert (wrong, unsaid) == ([], 0)
