"""T40: what can be learned without opening anything: from lengths, times, ids, headers and counts.

Ben asks the house about what is Ana's, and about what is nowhere. Each pair is asked by turns, so that a slow minute falls on both. A time
classifier that sees both heaps says how well they can be told apart: its AUC is 0.5 when it guesses and 1.0 when it knows. TRIES
(default 300) is how often each is asked. The control is a house that is a little slower for what is there, and
does not end what it refuses with a whole turn (NOT_FOUND_TAKES).
"""

from __future__ import annotations

import gc
import os
import random
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection

from audit import doors
from clients import actions as clients
from tests.cast import PRIVATE, SECRET, acting, write_note
from tests.cast import browser_of as signing_in
from tests.committed import House, as_owner

from .figures import figure

TRIES = int(os.environ.get("TRIES", "300"))
SEED = int(os.environ.get("SEED", "20261122"))
AIM = 0.55
TURN = 0.025  # as config/settings.py has it for a practice
LUCK = 3 * (1 / (6 * TRIES)) ** 0.5  # three standard errors of an AUC that says nothing
NOTES = 1000
CLASSES = 6
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|nonce[-=]["\']?[\w+/=-]+|value="[0-9a-f-]{36}"|data-[a-z-]+="[^"]*"')
OWN = re.compile(r'(?<=/clients/)[0-9a-f-]{36}|(?<=class="code">)[^<]+|(?<=datetime=")[^"]+')  # of the client whom Ben has by that name

Ask = Callable[[], Any]


@pytest.fixture
def ben(house: House) -> Any:
    """Ben at a browser; none of Ana's clients is his."""
    return signing_in.__wrapped__()(house.ben)  # type: ignore[attr-defined]  # a fixture's own function


def heaps(there: Ask, nowhere: Ask) -> tuple[list[float], list[float]]:
    """How long each took, asked by turns in an order of chance."""
    found: dict[bool, list[float]] = {True: [], False: []}
    order = [True, False] * TRIES
    random.Random(SEED).shuffle(order)
    there(), nowhere()
    gc.disable()
    for real in order:
        cache.clear()
        began = time.perf_counter()
        (there if real else nowhere)()
        found[real].append(time.perf_counter() - began)
    gc.enable()
    return found[True], found[False]


def auc(one: list[float], other: list[float]) -> float:
    """How often a random one of ``one`` is longer than a random one of ``other``; 0.5 says nothing, whichever way it leans."""
    ranked = sorted([(value, True) for value in one] + [(value, False) for value in other])
    ranks = sum(place for place, (_, mine) in enumerate(ranked, 1) if mine)
    found = (ranks - len(one) * (len(one) + 1) / 2) / (len(one) * len(other))
    return max(found, 1 - found)


def told_apart(words: str, there: Ask, nowhere: Ask, aim: float = AIM) -> float:
    """The AUC over two heaps, printed. Two runs, and the lower counts: what really differs does so in both."""
    runs = [heaps(there, nowhere) for _ in range(2)]
    found = min(auc(*run) for run in runs)
    ours, other = (median(of) * 1000 for of in runs[0])
    print(f"    {words:<62} AUC {found:.3f} ({ours:.2f} and {other:.2f} ms, N = 2 x {TRIES}, aim <= {aim})")
    return found


@pytest.fixture(autouse=True)
def _as_it_runs(settings: Any) -> None:
    """What is not there takes as long as in a practice; other tests do not wait."""
    settings.NOT_FOUND_TAKES = TURN


@contextmanager
def slower_where_it_is_there(known: set[Any], questions: int) -> Iterator[None]:
    """The control: refusing what is there asks the database small questions more, as a rule in steps would."""
    refuse = doors._refuse

    def leaks(opening: Any, rule: Any, user: Any, keys: dict[str, Any], part: str) -> None:
        refuse(opening, rule, user, keys, part)
        with connection.cursor() as cursor:
            for _ in range(questions if keys.get("pk") in known else 0):
                cursor.execute("SELECT 1")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doors, "_refuse", leaks)
        yield


def shown(answer: Any) -> str:
    """A page without what is new each time it is asked for."""
    return f"{answer.status_code} {TOKEN.sub('', answer.content.decode())}"


def test_what_is_anas_and_what_is_nowhere_take_as_long(house: House, ben: Any, settings: Any) -> None:
    print(f"\n  T40, seed {SEED}:")
    ids = {"clients": house.cleo.pk, "notes": house.signed.pk, "sessions": house.session.pk}
    worst = 0.0
    for path in ("/clients/{}/", "/clients/{}/contacts/", "/clients/{}/edit/", "/notes/{}/", "/sessions/{}/"):
        real, missing = path.format(ids[path.split("/")[1]]), path.format(uuid.uuid4())
        assert shown(ben.get(real)) == shown(ben.get(missing)), path
        worst = max(worst, told_apart(f"{path}: Ana's, and nobody's", partial(ben.get, real), partial(ben.get, missing)))
    settings.NOT_FOUND_TAKES = 0.0
    there, not_there = partial(ben.get, f"/notes/{house.signed.pk}/"), partial(ben.get, f"/notes/{uuid.uuid4()}/")
    for questions in (3, 30):
        with slower_where_it_is_there({house.signed.pk}, questions):
            control = told_apart(f"control: {questions} questions more for what is there", there, not_there)
    figure(
        "T40 AUC of what is there and what is not (worst of five pages)",
        f"{worst:.3f}",
        f"2 x {TRIES} pairs",
        f"30 questions more: {control:.2f}",
    )
    assert control > 0.8
    assert worst <= AIM + LUCK


def test_searching_and_taking_in_tell_nothing_of_others_clients(house: House, ben: Any) -> None:
    print()
    names = {"there": ("Cleopatra", "Marchetti"), "nowhere": ("Wilfredus", "Osterholz")}

    def search(which: str) -> Any:
        return ben.post("/clients/search/", {"words": names[which][1]})

    def take_in(which: str) -> Any:
        given, family = names[which]
        return ben.post("/clients/new/", {"kind": "adult", "given_name": given, "family_name": family})

    for which in names:  # Ben has one of each name already, so that nobody else is taken in and a page is shown for both
        assert take_in(which).status_code == 302
    worst = 0.0
    for words, ask in (
        ("a search for the name of Ana's client, and of nobody", search),
        ("taking in somebody of her name, and of none", take_in),
    ):
        ben.get("/")  # what is said once is said
        pages = [OWN.sub("OWN", re.sub("|".join(names["there"] + names["nowhere"]), "NAME", shown(ask(which)))) for which in names]
        assert pages[0] == pages[1]
        worst = max(worst, told_apart(words, partial(ask, "there"), partial(ask, "nowhere")))
    assert worst <= AIM + LUCK


def test_lengths_ids_and_headers_tell_next_to_nothing(house: House, ben: Any) -> None:
    chance = random.Random(SEED)
    with acting(house.ana):
        for _ in range(NOTES):
            write_note(house.ana, house.cleo, text=(SECRET + " " + PRIVATE) * int(chance.paretovariate(0.6) % 300 + 1))
    with as_owner(connection.settings_dict["NAME"]) as owner:
        owner.execute("SELECT count(DISTINCT length(content)), count(*) FROM records_note")
        lengths, rows = owner.fetchone()
    print(f"\n    {rows} notes have {lengths} different lengths (aim <= {CLASSES})")
    figure("T40 lengths of notes", lengths, f"{rows:,} notes")
    assert rows > NOTES
    assert lengths <= CLASSES
    counted = [model._meta.label for model in apps.get_models() if _sealed(model) and model._meta.pk.get_internal_type() != "UUIDField"]
    print(f"    sealed tables whose ids can be counted up: {counted or 'none'}")
    assert counted == []
    pages = [ben.get(path) for path in ("/", "/clients/", f"/clients/{house.bruno.pk}/", f"/notes/{house.signed.pk}/")]
    assert [page.status_code for page in pages] == [200, 200, 200, 404]
    for page in pages:
        assert not {"ETag", "Last-Modified"} & {*page.headers}
        assert "no-store" in page["Cache-Control"]
    assert shown(pages[1]) == shown(_after_ana_took_somebody_in(house, ben))
    print("    no ETag, no Last-Modified, nothing stored; a list is the same after somebody else's client came")


def _after_ana_took_somebody_in(house: House, ben: Any) -> Any:
    with acting(house.ana):
        clients.take_in(by=house.ana, counselor=house.ana, given_name="Cleopatra", family_name="Ferreira")
    return ben.get("/clients/")


def _sealed(model: Any) -> bool:
    return bool(getattr(getattr(model, "Privacy", None), "sealed", []))
