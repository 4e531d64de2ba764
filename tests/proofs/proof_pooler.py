"""Behind a pooler that lends its connections by the transaction: nobody ever acts as the person who had the connection before.

Threads of several people share a few connections; each transaction must know its own actor, and no statement outside one must know any.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from audit import doors
from audit.trail import Actor
from clients import actions as clients
from clients.models import Client
from practice.models import User
from practice.roles import Role
from tests.cast import acting, person
from tests.committed import House, furnish

from .hosts import Postgres, address, answers, connected, fill, machines, place, redis, told, until, urls
from .load import SEED
from .pooler import Pooler, pooler
from .visitors import Visitor, crowd, words

PEOPLE, THREADS, TURNS = 6, 24, int(os.environ.get("POOLER_TURNS", "120"))
LENT = 3  # connections for all of them
SECONDS = int(os.environ.get("POOLER_SECONDS", "12"))


@dataclass
class Shared:
    """The server, the pooler before it, and what every machine is told."""

    house: House
    server: Postgres
    pooler: Pooler
    environ: dict[str, str]
    at: Path
    people: list[tuple[User, int]]


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: Any) -> Iterator[Shared]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    before, settings.DATABASE_PREPARES = settings.DATABASE_PREPARES, False
    with place() as at, django_db_blocker.unblock(), redis(at / "redis", address(13)) as broker:
        server = Postgres.new(at / "postgres", address(11))
        try:
            environ = told(urls(server), broker)
            fill(server, at)
            with pooler(at / "pooler", 31, server, lent=LENT) as before_it:
                environ |= before_it.addresses | {"DATABASE_PREPARES": "0"}
                with connected(before_it.addresses):
                    yield Shared(furnish(), server, before_it, environ, at, _people())
        finally:
            server.stop()
            settings.DATABASE_PREPARES = before


def _people() -> list[tuple[User, int]]:
    """Counselors with one, two, three … clients."""
    found = []
    for number in range(1, PEOPLE + 1):
        somebody = person(f"Cora{number} Counselor", Role.COUNSELOR)
        with acting(somebody):
            for _ in range(number):
                clients.take_in(by=somebody, counselor=somebody, given_name="Cleopatra", family_name="Marchetti")
        found.append((somebody, number))
    return found


@dataclass
class Watch:
    """What the threads saw. ``wrong``: of transactions, who was named or seen; ``left``: outside of one, somebody who was named."""

    turns: int = 0
    wrong: int = 0
    left: int = 0
    failed: list[str] = field(default_factory=list)
    backends: set[int] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def turn(self, who: User, many: int, chance: random.Random) -> None:
        """A transaction that may fail half-way, and a statement after it that is in none."""
        seen: tuple[Any, ...] = ()
        try:
            with doors.acting(Actor("counselor", who.pk)):
                seen = (_named(), Client.objects.count())
                if chance.random() < 0.2:
                    raise RuntimeError
        except RuntimeError:
            pass
        after, backend = _named(), _backend()
        with self.lock:
            self.turns += 1
            self.wrong += seen != (str(who.pk), many)
            self.left += bool(after)
            self.backends.add(backend)

    def go(self, people: list[tuple[User, int]], number: int) -> None:
        """One thread: a person by chance in each turn."""
        chance = random.Random(f"{SEED} {number}")
        try:
            for _ in range(TURNS):
                self.turn(*chance.choice(people), chance)
        except Exception as error:
            self.failed.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()


def _named() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('subrosa.actor', true), '')")
        return str(cursor.fetchone()[0])


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _watched(shared: Shared) -> Watch:
    watch = Watch()
    threads = [threading.Thread(target=watch.go, args=(shared.people, number)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    return watch


def test_nobody_acts_as_who_had_the_connection_before(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    real = _watched(shared)
    with monkeypatch.context() as patch:
        patch.setattr(doors, "_SET_ACTOR", doors._SET_ACTOR.replace("true", "false"))
        control = _watched(shared)
    sys.stdout.write(
        f"\npooler: {real.turns:,} transactions of {PEOPLE} people in {THREADS} threads over {len(real.backends)} connections: "
        f"{real.wrong} knew or saw another's, {real.left} statements after them still knew somebody, {len(real.failed)} failed "
        f"(control, the actor set for the connection: {control.left} of {control.turns:,} still knew somebody; seed {SEED})\n"
    )
    assert (real.wrong, real.left, real.failed) == (0, 0, [])
    assert len(real.backends) <= LENT + 1
    assert control.left > 0


def _load(shared: Shared, name: str, **more: str) -> tuple[Any, str, Any]:
    """Two webs behind the pooler under load; how many connections they hold, and what a search finds."""
    (at := shared.at / name).mkdir()
    with machines(at, shared.environ | more, [1, 2]) as webs:
        for web in webs:
            web.start("web")
            until(lambda web=web: answers(web), why=f"{web.host} does not answer")  # type: ignore[misc]  # a default
        people = crowd(shared.house, [web.site for web in webs], 6)
        with people.going():
            time.sleep(SECONDS)
            used = shared.server.say("SELECT count(*) FROM pg_stat_activity WHERE usename = 'subrosa_web'")[0][0]
        ana = Visitor([webs[0].site], "ana")
        ana.sign_in()
        return people, used, _search(ana)


def _search(ana: Visitor) -> tuple[int, str]:
    ana.open("/notes/search/")
    return ana.post("/notes/search/", {"words": ["Lantern"]} | ana.token)


def test_the_workload_through_the_pooler(shared: Shared) -> None:
    people, used, found = _load(shared, "kept")
    took = [length * 1000 for one in people.acts for _, length in one.took]
    plans, _, _ = _load(shared, "plans", DATABASE_PREPARES="1")
    sys.stdout.write(
        f"\npooler: two webs under load over {used} connections, TLS checked: {people.sum():,} acknowledged, {people.lost()} lost, "
        f"{len(people.troubles())} troubles, {words(took)}; a search by a cursor of the server answers {found[0]} "
        f"(with DATABASE_PREPARES=1, where another connection may not know a plan: {len(plans.troubles())} troubles, {plans.lost()} lost)\n"
    )
    assert (people.lost(), people.troubles(), found[0]) == (0, [], 200)
    assert "Lantern" in found[1]
    assert plans.lost() == 0
