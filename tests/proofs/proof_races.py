"""T19 and T20, over the running web: many hands at one draft, and one form sent many times at once. Nothing is overwritten, nothing twice.

RACES and DOUBLES are how many of each (10,000 and 5,000 in the plan), HANDS how many at once.
"""

from __future__ import annotations

import os
import sys
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from django.db import connections

from records.models import Note, Session
from tests.cast import acting
from tests.committed import House

from .faults.web import APPLICATION, Web, web
from .faults.work import Saver, savers
from .figures import figure
from .stolen.forms import forms_of
from .stolen.people import TYPED, Person

RACES, DOUBLES, HANDS = (int(os.environ.get(name, often)) for name, often in (("RACES", "150"), ("DOUBLES", "60"), ("HANDS", "6")))
FEW = 5
DOUBLED = "T20 forms that count more than once"
HOUR = {"date": "2027-03-01", "start": "10:00", "minutes": "50", "modality": "in_person", "outcome": "planned"}
BLIND = "tests.proofs.faults.blind:application"


class Race(NamedTuple):
    """What came of one: the statuses, conflicts that did not show both texts, and whether the draft says what the last winner wrote."""

    statuses: list[int]
    unshown: int
    kept: bool


def _at_once(calls: list[Callable[[], Any]], pool: ThreadPoolExecutor) -> list[Any]:
    gate = threading.Barrier(len(calls))

    def go(call: Callable[[], Any]) -> Any:
        gate.wait()
        return call()

    return list(pool.map(go, calls))


def _form(person: Person, path: str, name: str) -> dict[str, list[str]]:
    """What a page's form with a field of this name would send."""
    _, page = person.open(path)
    found = next(each for each in forms_of(page) if any(field.name == name for field in each.fields))
    return {field.name: [field.value] for field in found.fields if field.kind not in ("file", "checkbox")}


def _raced(house: House, hands: list[Person], note: Note, pool: ThreadPoolExecutor) -> Race:
    """Everybody has the same page before them, and all save by themselves what they typed."""
    given, path = _form(hands[0], f"/notes/{note.pk}/edit/", "version"), f"/notes/{note.pk}/save/"
    texts = [f"Lantern {uuid.uuid4()}" for _ in hands]

    def save(person: Person, text: str) -> tuple[int, str]:
        body = urlencode({**given, "presenting": [text], "csrfmiddlewaretoken": [person.cookies["csrf"]]}, doseq=True).encode()
        return person.ask("POST", path, body, TYPED, **{"Idempotency-Key": str(uuid.uuid4())})

    told = _at_once([partial(save, *one) for one in zip(hands, texts, strict=True)], pool)
    with acting(house.ana):
        now = Note.objects.get(pk=note.pk).content["presenting"]
    winners = [text for text, (status, _) in zip(texts, told, strict=True) if status == 200]
    unshown = sum(status == 409 and not (text in page and now in page) for text, (status, page) in zip(texts, told, strict=True))
    return Race([status for status, _ in told], unshown, now in winners)


def _hands(server: Web) -> list[Person]:
    """Ana, signed in at as many browsers."""
    found = [Person(server.site, "ana") for _ in range(HANDS)]
    for person in found:
        person.sign_in()
    return found


def _races(house: House, server: Web, honest: bool) -> list[Race]:
    hands = _hands(server)
    with ThreadPoolExecutor(HANDS) as pool:
        return [_raced(house, hands, house.draft, pool) for _ in range(RACES if honest else FEW)]


@pytest.mark.parametrize("application", [APPLICATION, BLIND], ids=["as it is", "control: versions are not asked"])
def test_t19_of_many_hands_at_one_draft_one_saves_and_the_others_see_both_texts(
    own_house: tuple[str, House], tmp_path: Path, application: str
) -> None:
    name, house = own_house
    with web(name, tmp_path, application=application) as server:
        races = _races(house, server, application != BLIND)
    overwritten = sum(max(race.statuses.count(200) - 1, 0) for race in races)
    unshown, strange = sum(race.unshown for race in races), [race for race in races if not {*race.statuses} <= {200, 409}]
    sys.stdout.write(
        f"\nT19 {application.partition(':')[0]}: {len(races):,} races of {HANDS}: {overwritten} overwritten in silence, "
        f"{unshown} conflicts without both texts, {sum(not race.kept for race in races)} drafts that say something else than the winner "
        f"(3/N = {3 / len(races):.4f})\n"
    )
    if application == BLIND:
        figure("T19 texts overwritten in silence", control=f"versions not asked: {overwritten:,}")
        assert overwritten
        return
    figure("T19 texts overwritten in silence", overwritten, f"{len(races):,} races of {HANDS}")
    assert (overwritten, unshown, strange) == (0, 0, [])
    assert all(race.kept for race in races)


class Sent(NamedTuple):
    """One form that was sent as often as there are hands: its own words, and the answers."""

    text: str
    statuses: list[int]


def _copies(saver: Saver, hands: list[Person], pool: ThreadPoolExecutor, honest: bool) -> Sent:
    """An hour of care, booked by one form; where not ``honest``, each copy has an id of its own."""
    given, text = _form(hands[0], f"/clients/{saver.client.pk}/sessions/new/", "place"), f"Room {uuid.uuid4()}"
    given |= {name: [value] for name, value in HOUR.items()} | {"place": [text]}

    def send(person: Person) -> int:
        own = {} if honest else {"ident": [str(uuid.uuid4())]}
        return person.post(f"/clients/{saver.client.pk}/sessions/new/", given | own | {"csrfmiddlewaretoken": [person.cookies["csrf"]]})[0]

    return Sent(text, _at_once([partial(send, person) for person in hands], pool))


@pytest.mark.parametrize("honest", [True, False], ids=["as it is", "control: each copy with an id of its own"])
def test_t20_a_form_that_is_sent_many_times_at_once_counts_once(own_house: tuple[str, House], tmp_path: Path, honest: bool) -> None:
    name, house = own_house
    with web(name, tmp_path) as server, ThreadPoolExecutor(HANDS) as pool:
        saver, hands = savers(house, server.site, 1)[0], _hands(server)
        sent = [_copies(saver, hands, pool, honest) for _ in range(DOUBLES if honest else FEW)]
    connections.close_all()
    with acting(house.ana):
        there = Counter(str(row.place) for row in Session.objects.filter(client=saver.client))
    more, gone = sum(there[each.text] - 1 for each in sent), sum(each.text not in there for each in sent)
    answers = Counter(status for each in sent for status in each.statuses)
    label = "" if honest else "control, each copy with an id of its own: "
    sys.stdout.write(
        f"\nT20 {label}{len(sent)} forms sent {HANDS} times at once: {more} more than once, {gone} not; answers {dict(answers)}\n"
    )
    if not honest:
        figure(DOUBLED, control=f"each copy with its own id: {more} of {len(sent)}")
        assert more > 0
        return
    figure(DOUBLED, more, f"{len(sent):,} forms, each {HANDS} times at once")
    assert (more, gone) == (0, 0)
