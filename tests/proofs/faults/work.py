"""Workload W: people who save drafts, send messages and book hours, each with a history of what was acknowledged."""

from __future__ import annotations

import datetime
import http.client
import os
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Literal, NamedTuple

from django.db import connections

from audit import clock
from clients import actions as clients
from clients.models import Client
from messaging.actions import begin_thread
from messaging.models import Thread
from practice.roles import Role
from records.models import Note
from tests.cast import acting, person, write_note
from tests.committed import House
from tests.consented import consented
from tests.proofs.stolen.forms import Form, forms_of
from tests.proofs.stolen.people import TYPED, Person

SAVERS = int(os.environ.get("SAVERS", "6"))
SEED = int(os.environ.get("SEED", "20261122"))
PATIENCE = 90  # seconds that somebody tries to send the same again
BROKEN = (OSError, http.client.HTTPException)
Outcome = Literal["ok", "fail", "unknown"]
GONE = (None, 502, 503, 504, 500)  # answers after which nobody knows


class Act(NamedTuple):
    """One save, as whoever did it saw it."""

    kind: str
    text: str
    outcome: Outcome
    began: float
    took: float


@dataclass
class Saver:
    """Somebody with a session, a client, a draft and a thread of their own."""

    person: Person
    client: Client
    note: Note
    thread: Thread
    chance: random.Random
    history: list[Act] = field(default_factory=list)
    pages: list[tuple[int, str]] = field(default_factory=list)  # status and text of what was not as wanted
    longest: float = 0.0  # seconds that one request took
    hung: int = 0  # requests that were not answered while the person waited
    over: threading.Event = field(default_factory=threading.Event)

    def turn(self) -> None:
        """One act of the four, as chance has it."""
        act = self.chance.choices([self.edit, self.autosave, self.message, self.book], [4, 3, 2, 1])[0]
        try:
            act()
        except BROKEN:
            self.over.wait(0.2)

    def edit(self) -> None:
        """The editor's own button; nobody presses it twice."""
        text = self._text()
        self._send(f"/notes/{self.note.pk}/edit/", "presenting", {"presenting": text}, "edit", text, tries=1)

    def autosave(self) -> None:
        """What the editor does by itself: the same again under the same key until there is an answer."""
        text, path = self._text(), f"/notes/{self.note.pk}/"
        self._send(f"{path}edit/", "presenting", {"presenting": text}, "autosave", text, to=f"{path}save/", key=str(uuid.uuid4()))

    def message(self) -> None:
        """To the client's portal, with a notice that one waits."""
        text, path = self._text(), f"/messages/{self.thread.pk}/"
        self._send(path, "text", {"text": text}, "message", text, to=f"{path}send/")

    def book(self) -> None:
        """An hour on some day to come."""
        text, day = self._text(), clock.today() + datetime.timedelta(days=self.chance.randint(1, 700))
        about = {"place": text, "date": f"{day}", "start": "10:00", "minutes": "50", "modality": "in_person", "outcome": "planned"}
        self._send(f"/clients/{self.client.pk}/sessions/new/", "place", about, "book", text)

    def _text(self) -> str:
        return f"Lantern {uuid.UUID(int=self.chance.getrandbits(128))}"

    def _form(self, path: str, name: str) -> Form | None:
        status, page = self._ask(lambda: self.person.open(path))
        found = next((form for form in forms_of(page) if any(each.name == name for each in form.fields)), None)
        if found is None or status != 200:
            self.pages.append((status, page))
            return None
        return found

    def _send(
        self, path: str, name: str, about: dict[str, str], kind: str, text: str, to: str = "", key: str = "", tries: int = 1000
    ) -> None:
        form = self._form(path, name)
        if form is None:
            self.over.wait(0.2)
            return
        given = {each.name: [each.value] for each in form.fields if each.kind not in ("file", "checkbox")} | {
            each: [value] for each, value in about.items()
        }
        began = time.monotonic()
        outcome: Outcome = "unknown"
        try:
            for _ in range(tries):
                status = self._post(to or path, given, key)
                outcome = "ok" if status in (200 if key else 302,) else "unknown" if status in GONE else "fail"
                if outcome != "unknown" or time.monotonic() > began + PATIENCE:
                    break
                self.over.wait(0.3)
        finally:
            self.history.append(Act(kind, text, outcome, began, time.monotonic() - began))

    def _post(self, path: str, given: dict[str, list[str]], key: str) -> int | None:
        try:
            status, page = self._ask(lambda: self.person.post(path, given) if not key else self._script(path, given, key))
        except BROKEN:
            return None
        if status >= 400:
            self.pages.append((status, page))
        if status == 302 and "/login" in self.person.sent_to:
            return 401
        return status

    def _script(self, path: str, given: dict[str, list[str]], key: str) -> tuple[int, str]:
        from urllib.parse import urlencode  # beside its one use

        return self.person.ask("POST", path, urlencode(given, doseq=True).encode(), TYPED, **{"Idempotency-Key": key})

    def _ask(self, call: Callable[[], tuple[int, str]]) -> tuple[int, str]:
        began = time.monotonic()
        try:
            return call()
        except TimeoutError:
            self.hung += 1
            raise
        finally:
            self.longest = max(self.longest, time.monotonic() - began)


def savers(house: House, site: str, many: int = SAVERS) -> list[Saver]:
    """Each signed in as Ana, with a client whose parent has an account of the portal and is told by mail that a message waits."""
    found = []
    for number in range(many):
        ana = house.ana
        with acting(ana):
            client = clients.take_in(by=ana, counselor=ana, given_name="Cleopatra", family_name=f"Number{number}", kind="minor")
        consented(client, ana)
        user = person(f"Parent{uuid.uuid4().hex[:8]} Marchetti", Role.REPRESENTATIVE)
        with acting(ana):
            clients.give_portal(client, user, by=ana, represents=True)
            thread = begin_thread(client, user, Thread.Kind.CARE, by=ana)
        chance = random.Random(f"{SEED} {number}")
        found.append(Saver(Person(site, "ana"), client, write_note(ana, client, text="begins"), thread, chance))
    for saver in found:
        saver.person.sign_in()
    return found


@contextmanager
def working(people: list[Saver]) -> Iterator[None]:
    """All of them at work, while inside."""
    over = threading.Event()

    def go(saver: Saver) -> None:
        while not over.is_set():
            saver.turn()
        connections.close_all()

    threads = [threading.Thread(target=go, args=(saver,)) for saver in people]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def acts(people: list[Saver]) -> list[Act]:
    return [act for each in people for act in each.history]


def count(people: list[Saver], outcome: Outcome) -> int:
    return sum(act.outcome == outcome for act in acts(people))


def tried(people: list[Saver], many: int, longest: float = 300) -> None:
    """Wait until ``many`` acts are over, however they went, or somebody hung."""
    began = time.monotonic()
    while len(acts(people)) < many and not any(each.hung for each in people) and time.monotonic() - began < longest:
        time.sleep(0.1)


def some(people: list[Saver], many: int, longest: float = 300) -> None:
    """Wait until ``many`` more saves were acknowledged, however slow the machine. Raises AssertionError where nothing comes."""
    wanted, began = count(people, "ok") + many, time.monotonic()
    while count(people, "ok") < wanted:
        assert time.monotonic() - began < longest, f"{count(people, 'ok')} saves, {wanted} wanted: {[each.history[-1:] for each in people]}"
        time.sleep(0.1)


def p95(people: list[Saver]) -> float:
    """Milliseconds of an acknowledged save."""
    took = [act.took for act in acts(people) if act.outcome == "ok"]
    return quantiles(took, n=20)[-1] * 1000 if len(took) > 1 else 0.0


def middle(people: list[Saver]) -> float:
    return median(act.took for act in acts(people) if act.outcome == "ok") * 1000
