"""T07, T10: the web, one of its workers, and all of PostgreSQL are killed (kill -9) while people save. What was acknowledged stays."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

import pytest
from django.db import connections

from records.models import Note
from tests.cast import PASSWORD, acting
from tests.committed import House
from tests.journeys.conftest import chromium as chromium

from .faults import checker
from .faults.stand import Stand, until
from .faults.web import Web, web
from .faults.work import SEED, Saver, count, savers, some, working
from .figures import figure

KILLS = int(os.environ.get("KILLS", "6"))
BETWEEN = int(os.environ.get("BETWEEN", "10"))  # saves between two kills, in the middle
TYPED = "She came back to the slate ferry and stayed until the lamps were lit."


def _said(label: str, people: list[Saver], took: list[float], gone: list[str], torn: list[str]) -> None:
    sure, many = count(people, "ok"), max(len(took), 1)
    sys.stdout.write(
        f"\n{label}: {len(took)} kills, {sure:,} saves acknowledged, {len(gone)} lost (95 %: < {3 / max(sure, 1):.1e}), "
        f"{len(torn)} half-saved; {count(people, 'unknown')} without an answer, {count(people, 'fail')} refused; well again after "
        f"{sum(took) / many:.1f} s, at most {max(took, default=0):.1f} s; other answers {checker.statuses(people)}, seed {SEED}\n"
    )


def _kill_web(server: Web, chance: random.Random, whole: bool) -> float:
    """The master, which is started again as by the process manager, or a worker, which the master starts again."""
    began = time.monotonic()
    if whole:
        server.end(signal.SIGKILL)
        server.start()
        return time.monotonic() - began
    victim = chance.choice(server.workers())
    os.kill(victim, signal.SIGKILL)
    until(lambda: victim not in server.workers() and len(server.workers()) >= 2)
    return time.monotonic() - began


def _under_kills(house: House, server: Web, kills: int) -> tuple[list[Saver], list[float]]:
    chance, took, people = random.Random(SEED), [], savers(house, server.site)
    with working(people):
        for number in range(kills):
            some(people, chance.randint(3, 2 * BETWEEN))
            time.sleep(chance.uniform(0, 1))
            took.append(_kill_web(server, chance, whole=number % 2 == 0))
        some(people, 3)
    return people, took


def test_t07_a_killed_web_loses_nothing_that_it_acknowledged(own_house: tuple[str, House], tmp_path: Path) -> None:
    name, house = own_house
    with web(name, tmp_path) as server:
        people, took = _under_kills(house, server, KILLS)
    gone, torn = checker.lost(house, people), checker.torn(house, people)
    _said("T07 kill -9 of granian's master and of its workers, in turn", people, took, gone, torn)
    figure("T07 saves lost when the web is killed", len(gone), f"{count(people, 'ok'):,} acknowledged, {len(took)} kills")
    assert count(people, "ok") > 0
    assert (gone, torn, checker.trail(tmp_path), checker.traces(people)) == ([], [], 0, 0)


def test_t07_control_a_web_that_acknowledges_before_it_saves_is_found_out(own_house: tuple[str, House], tmp_path: Path) -> None:
    name, house = own_house
    with web(name, tmp_path, application="tests.proofs.faults.early:application") as server:
        people, took = _under_kills(house, server, KILLS)
    gone = checker.lost(house, people)
    _said("T07 control, acknowledged before it is saved", people, took, gone, [])
    figure("T07 saves lost when the web is killed", control=f"acknowledged first: {len(gone)} of {count(people, 'ok'):,} lost")
    assert gone


def _kept(house: House) -> str:
    with acting(house.ana):
        return str(Note.objects.get(pk=house.draft.pk).content["presenting"]).strip()


@pytest.mark.parametrize("script", [True, False], ids=["with autosave", "control: its script does not come"])
def test_t07_words_typed_while_the_web_is_killed_are_saved_afterwards(
    own_house: tuple[str, House], tmp_path: Path, chromium: object, script: bool
) -> None:
    name, house = own_house
    with web(name, tmp_path) as server:
        page = chromium.new_context().new_page()  # type: ignore[attr-defined]  # playwright's browser
        page.set_default_timeout(120_000)  # milliseconds
        if not script:
            page.route("**/autosave*.js", lambda route: route.abort())
        page.goto(f"{server.site}/accounts/login/")
        page.fill("#id_login", "ana@sub.test")
        page.fill("#id_password", PASSWORD)
        page.click("form >> text=Sign in >> nth=0")
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        page.goto(f"{server.site}/notes/{house.draft.pk}/edit/")
        field = page.locator("[name=presenting]")
        field.fill("")
        for number, word in enumerate(TYPED.split()):
            field.press_sequentially(f"{word} ", delay=60)
            if number in (2, 8):
                server.end(signal.SIGKILL)
                page.wait_for_timeout(4000)
            if number in (5, 11):
                server.start()
        for _ in range(90 if script else 10):
            page.wait_for_timeout(1000)
            if (kept := _kept(house)) == TYPED:
                break
        shown = field.input_value().strip()
    sys.stdout.write(
        f"\nT07 a browser at an editor, web killed twice: on the page {shown == TYPED}, saved {kept == TYPED} (script: {script})\n"
    )
    assert shown == TYPED
    assert (kept == TYPED) is script


def _kill_postgres(stands: Stand, **settings: str) -> float:
    stands.postgres.kill()
    time.sleep(0.5)  # somebody asks meanwhile
    began = time.monotonic()
    stands.start_postgres(**settings)
    return time.monotonic() - began


def _database_kills(stands: Stand, house: House, server: Web, kills: int, **settings: str) -> tuple[list[Saver], list[float]]:
    chance, took, people = random.Random(SEED), [], savers(house, server.site)
    with working(people):
        for _ in range(kills):
            some(people, chance.randint(3, 2 * BETWEEN))
            time.sleep(chance.uniform(0, 1))
            took.append(_kill_postgres(stands, **settings))
        some(people, 3)
    return people, took


def test_t10_a_killed_postgresql_loses_nothing_and_the_web_finds_it_again(
    stands: Stand, own_house: tuple[str, House], tmp_path: Path
) -> None:
    name, house = own_house
    with web(name, tmp_path) as server:
        people, took = _database_kills(stands, house, server, KILLS)
        workers_died = "Worker" in server.said() and "died" in server.said()
    gone, torn = checker.lost(house, people), checker.torn(house, people)
    _said("T10 kill -9 of all processes of PostgreSQL", people, took, gone, torn)
    told = [page for each in people for status, page in each.pages if status == 503]
    figure("T10 saves lost when PostgreSQL is killed", len(gone), f"{count(people, 'ok'):,} acknowledged, {len(took)} kills")
    assert count(people, "ok") > 0
    assert (gone, torn, checker.trail(tmp_path), checker.traces(people)) == ([], [], 0, 0)
    assert told, "nobody asked while it was away"
    assert all("Back in a moment" in page for page in told)
    assert not workers_died


def test_t10_control_without_synchronous_commit_the_same_kills_lose(stands: Stand, own_house: tuple[str, House], tmp_path: Path) -> None:
    name, house = own_house
    weak = {"synchronous_commit": "off", "wal_writer_delay": "10s"}
    stands.postgres.stop()
    stands.start_postgres(**weak)
    connections.close_all()
    try:
        with web(name, tmp_path) as server:
            people, took = _database_kills(stands, house, server, KILLS, **weak)
    finally:
        stands.postgres.stop()
        stands.start_postgres()
    gone = checker.lost(house, people)
    _said("T10 control, synchronous_commit=off", people, took, gone, [])
    figure("T10 saves lost when PostgreSQL is killed", control=f"synchronous_commit=off: {len(gone)} of {count(people, 'ok'):,} lost")
    assert gone
