"""T36: pages and jobs are made to fail at every function of ours they pass through, and nothing of a client is in any line of the log.

An exception with planted words is raised as the function is entered, in the middle of real pages with a client's real words around it.
"""

from __future__ import annotations

import io
import logging
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from audit.logs import Discreet, JsonLine
from config.celery import app
from tests.cast import PRIVATE, SECRET, SignIn
from tests.committed import DRAFT, House
from tests.conftest import ROOT

from .figures import figure

MOST = int(os.environ.get("CODE_POINTS", "400"))
PLANTED = "Wistful plum harbour"  # what each exception says
WORDS = (PLANTED, SECRET, PRIVATE, DRAFT, "Cleopatra", "Marchetti", "Ferreira", "503 555 0142")
ROOMS = tuple(str(ROOT / room) + "/" for room in settings.ROOMS)
JOBS = ("practice.tasks.send_due", "practice.tasks.tidy", "clients.tasks.come_of_age", "review.tasks.watch", "consent.tasks.end_due")
Place = tuple[str, int]


class Planting:
    """Raises as the function at ``place`` is entered; without a place it notes each that is."""

    def __init__(self, place: Place | None = None) -> None:
        self.place, self.met, self.raised = place, Counter[Place](), False

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        at = (frame.f_code.co_filename, frame.f_code.co_firstlineno)
        if event != "call" or not at[0].startswith(ROOMS) or "/migrations/" in at[0] or at[0].endswith("audit/logs.py"):
            return
        self.met[at] += 1
        if at == self.place and not self.raised:
            self.raised = True
            raise ValueError(f"{PLANTED}: {sorted(map(repr, frame.f_locals.values()))}")

    def during(self, act: Callable[[], Any]) -> Any:
        """The act, while we look on."""
        before = sys.gettrace()
        sys.settrace(self)  # type: ignore[arg-type]  # it looks at calls alone
        try:
            return act()
        finally:
            sys.settrace(before)


@dataclass
class Told:
    """Every line of every logger, as the house writes it, and as a formatter that tells everything would."""

    lines: io.StringIO = field(default_factory=io.StringIO)
    loud: io.StringIO = field(default_factory=io.StringIO)

    def handlers(self) -> list[logging.Handler]:
        ours, loud = logging.StreamHandler(self.lines), logging.StreamHandler(self.loud)
        ours.setFormatter(JsonLine(settings.ROOMS))
        ours.addFilter(Discreet())
        return [loud, ours]


@pytest.fixture
def told() -> Iterator[Told]:
    app.loader.import_default_modules()  # it sets logging up anew
    kept, root, level = Told(), logging.getLogger(), logging.getLogger().level
    root.setLevel(logging.INFO)
    logging.getLogger("audit.requests").setLevel(logging.INFO)
    for handler in (handlers := kept.handlers()):
        root.addHandler(handler)
    yield kept
    for handler in handlers:
        root.removeHandler(handler)
    root.setLevel(level)


def _pages(house: House, browser_of: SignIn) -> dict[str, Callable[[], Any]]:
    """What people do, with words of clients in what is sent and shown."""
    ana, ada, cleo = (_quiet(browser_of(person)) for person in (house.ana, house.ada, house.portal_cleo))
    note, client = reverse("note_edit", args=[house.draft.pk]), house.cleo.pk
    sent = {"format": "free", "part_content": SECRET, "version": house.draft.version}  # saved once; from then on a conflict

    return {
        "note": lambda: ana.get(reverse("note_detail", args=[house.signed.pk])),
        "psychotherapy": lambda: ana.get(reverse("note_detail", args=[house.psychotherapy.pk])),
        "editor": lambda: ana.get(note),
        "save": lambda: ana.post(note, sent),
        "client": lambda: ana.get(reverse("client_detail", args=[client])),
        "clients": lambda: ana.get("/clients/?q=Marchetti"),
        "search": lambda: ana.get("/notes/search/?words=lantern"),
        "intake": lambda: ana.post(reverse("client_new"), {"given_name": "Cleopatra", "family_name": "Marchetti", "kind": "adult"}),
        "way": lambda: ana.post(
            reverse("contact_point_new", args=[client]), {"kind": "phone", "address": "503 555 0142", "label": "mobile"}
        ),
        "access": lambda: ana.get(reverse("client_access", args=[client])),
        "home": lambda: ana.get("/"),
        "portal": lambda: cleo.get("/"),
        "own papers": lambda: cleo.get("/portal/papers/"),
        "trail": lambda: ada.get(reverse("trail")),
        "invite": lambda: ada.post("/staff/invite/", {"name": "Marchetti", "email": "marchetti@sub.test", "roles": ["counselor"]}),
        "sign in": lambda: _quiet(Browser()).post("/accounts/login/", {"login": "ana@sub.test", "password": f"{PLANTED} Marchetti"}),
    }


def _quiet(browser: Browser) -> Browser:
    browser.raise_request_exception = False
    return browser


def _jobs() -> dict[str, Callable[[], Any]]:
    return {name: (lambda name=name: app.tasks[name].apply(throw=False)) for name in JOBS}  # type: ignore[misc]  # a default


def _places(acts: dict[str, Callable[[], Any]]) -> list[tuple[str, Place]]:
    """Each function of ours that some act passes through, with that act, taken in turns so that none is left out."""
    known: set[Place] = set()
    found: dict[str, list[Place]] = {}
    for name, act in acts.items():
        (look := Planting()).during(act)
        found[name] = [place for place in look.met if place not in known]
        known |= set(look.met)
    turns = [(name, places[at]) for at in range(MOST) for name, places in found.items() if at < len(places)]
    return turns[:MOST]


def test_no_line_tells_what_an_exception_said(house: House, browser_of: SignIn, told: Told) -> None:
    acts = _pages(house, browser_of) | _jobs()
    places, statuses, shown, raised = _places(acts), Counter[int](), 0, 0
    for name, place in places:
        planting = Planting(place)
        answer = planting.during(acts[name])
        raised += planting.raised
        if hasattr(answer, "status_code") and planting.raised:
            statuses[answer.status_code] += 1
            shown += PLANTED in b"".join(answer).decode(errors="replace")
    lines, loud = told.lines.getvalue(), told.loud.getvalue()
    found = {word: lines.count(word) for word in WORDS if word in lines}
    control = {word: loud.count(word) for word in WORDS if word in loud}
    sys.stdout.write(
        f"\nT36 {raised} exceptions forced at {len({place for _, place in places})} functions during {len(acts)} pages and jobs: "
        f"{len(lines.splitlines()):,} lines of the log, planted or clients' words in them: {found or 'none'}; on error pages: {shown}; "
        f"statuses {dict(statuses)} (control, a formatter that tells everything: {control}); threads {threading.active_count()}\n"
    )
    figure(
        "T36 planted words in logs",
        len(found),
        f"{raised} exceptions, {len(lines.splitlines()):,} lines",
        f"told everything: {control.get(PLANTED, 0)}",
    )
    assert (found, shown) == ({}, 0)
    assert control.get(PLANTED, 0) > raised / 2 > 50
