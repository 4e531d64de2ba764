"""T09, T13: Redis is killed, emptied, full, away, slow, or swallows what it is told. People go on, and nothing is lost."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from django.db import connections

from audit import doors
from messaging.models import Thread
from practice.actions import outbox
from practice.models import Notice
from tests.committed import House, as_owner

from .faults import checker
from .faults.proxy import FINE, Fault, between
from .faults.stand import Stand, until
from .faults.web import APPLICATION, Web, celery, web
from .faults.work import Saver, count, middle, p95, savers, tried, working
from .figures import figure
from .stolen.forms import forms_of
from .stolen.people import Person

SAVES = int(os.environ.get("SAVES", "40"))  # under each fault
NOTICES = int(os.environ.get("NOTICES", "40"))  # around each thing that is done to Redis
GUESSES = 8  # wrong passwords at one account from here; practice.limits.PAIR lets five
WAITING = "tests.proofs.faults.waiting:application"
PATIENCE = 30  # seconds after which a request counts as hanging


@contextmanager
def read_at_once(name: str) -> Iterator[None]:
    """Whoever is told of a message reads it: the next one is told of again, so that saves have notices."""
    over = threading.Event()

    def go() -> None:
        with as_owner(name) as cursor:
            while not over.wait(0.2):
                cursor.execute(f"UPDATE {Thread._meta.db_table} SET told_at = NULL WHERE told_at IS NOT NULL")

    reader = threading.Thread(target=go)
    reader.start()
    try:
        yield
    finally:
        over.set()
        reader.join()


def guess(site: str, many: int) -> None:
    """Wrong passwords at Ben's account."""
    ben = Person(site, "ben")
    for number in range(many):
        _, page = ben.ask("GET", "/accounts/login/")
        given = {each.name: [each.value] for each in forms_of(page)[0].fields}
        ben.post("/accounts/login/", given | {"login": ["ben@sub.test"], "password": [f"a wrong lantern {number}"]})


def held(site: str) -> bool:
    """Whether Ben's right password is refused, too, as it is after too many wrong ones."""
    try:
        Person(site, "ben").sign_in()
    except AssertionError:
        return True
    return False


def _work(server: Web, house: House, name: str) -> list[Saver]:
    people = savers(house, server.site)
    for saver in people:
        saver.person.patience = PATIENCE
    with read_at_once(name), working(people):
        tried(people, SAVES)
    return people


def _report(label: str, people: list[Saver], calm: list[Saver] | None = None) -> int:
    """Print how it went; how many saves went wrong."""
    wrong = count(people, "fail") + count(people, "unknown") + sum(each.hung for each in people)
    ratio = f", {p95(people) / p95(calm):.1f} x" if calm else ""
    sys.stdout.write(
        f"\nT13 Redis {label}: {count(people, 'ok'):,} saves acknowledged, {wrong} not, {sum(each.hung for each in people)} hung; "
        f"in the middle {middle(people):.0f} ms, p95 {p95(people):.0f} ms{ratio}"
    )
    return wrong


FAULTS = [Fault("refuse"), Fault("reset"), Fault("delay", 2), Fault("hole")]


def test_t13_saves_sign_in_and_limits_go_on_whatever_redis_does(stands: Stand, own_house: tuple[str, House], tmp_path: Path) -> None:
    name, house = own_house
    place = str(stands.house.sockets / "spoilt.sock")
    with between(place, str(stands.redis_socket)) as line, web(name, tmp_path, REDIS_URL=f"unix://{place}?db=0") as server:
        calm = _work(server, house, name)
        wrong, whole = {"there": _report("there", calm)}, []
        for number, fault in enumerate(FAULTS):
            line.be(fault)
            people = _work(server, house, name)
            whole.append(people)
            wrong[str(fault)] = _report(str(fault), people, calm) + len(checker.lost(house, people))
            Person(server.site, "sofia").sign_in()
            guess(server.site, 2)
            assert number < 2 or held(server.site)  # six guesses by then: one more than are let
        guess(server.site, GUESSES)
        sys.stdout.write(f"\nT13 sign-in works under each; limits held: {held(server.site)}\n")
        saves = sum(count(each, "ok") for each in whole)
        ratio = max(p95(each) / p95(calm) for each in whole)
        figure("T13 saves failed or lost while Redis is ill", sum(wrong.values()), f"{saves:,} saves, {len(FAULTS)} faults")
        figure("p95 of a save with Redis ill, to that with it there", f"{ratio:.2f} x", f"{saves:,} saves")
        assert set(wrong.values()) == {0}, wrong
        assert held(server.site)


@pytest.mark.parametrize("application", [APPLICATION, WAITING], ids=["as it is", "control: without patience"])
def test_t13_control_a_web_that_waits_for_redis_hangs(
    stands: Stand, own_house: tuple[str, House], tmp_path: Path, application: str
) -> None:
    name, house = own_house
    place = str(stands.house.sockets / "spoilt.sock")
    told = {"application": application, "REDIS_URL": f"unix://{place}?db=0"}
    with between(place, str(stands.redis_socket)) as line, web(name, tmp_path, **told) as server:
        line.be(Fault("hole"))
        wrong = _report(f"hole, {application}", _work(server, house, name))
        line.be(FINE)
    sys.stdout.write("\n")
    assert bool(wrong) is (application == WAITING)


def _queue(begin: int) -> None:
    for number in range(begin, begin + NOTICES):
        with doors.system("test"):
            outbox.queue("account", f"n{number}@sub.test", "A link", "Words")


def _killed(stands: Stand) -> None:
    stands.redis.kill()
    time.sleep(2)
    stands.start_redis()


def _client(stands: Stand) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(stands.redis_socket))


def _emptied(stands: Stand) -> None:
    _client(stands).flushall()


def _full(stands: Stand) -> None:
    _client(stands).config_set("maxmemory", "1")
    time.sleep(3)


def _roomy(stands: Stand) -> None:
    _client(stands).config_set("maxmemory", "256mb")


DONE = {"killed (kill -9)": _killed, "emptied (FLUSHALL)": _emptied, "full (maxmemory)": _full}


def _mailed(place: Path) -> list[int]:
    told = "".join(path.read_text() for path in (place / "mail").iterdir())
    return [told.count(f"To: n{number}@sub.test\n") for number in range(2 * len(DONE) * NOTICES)]


def test_t09_whatever_is_done_to_redis_no_notice_is_lost_nobody_is_signed_out_and_locks_stay(
    stands: Stand, own_house: tuple[str, House], tmp_path: Path
) -> None:
    name, _ = own_house
    with web(name, tmp_path) as server, celery(name, tmp_path, "worker", "beat"):
        ana = Person(server.site, "ana")
        ana.sign_in()
        guess(server.site, GUESSES)
        assert held(server.site)
        for number, (label, act) in enumerate(DONE.items()):
            _queue(2 * number * NOTICES)
            act(stands)
            _queue((2 * number + 1) * NOTICES)
            assert ana.ask("GET", "/")[0] == 200, f"signed out when Redis was {label}"
            assert held(server.site), f"let in when Redis was {label}"
            _roomy(stands)
        connections.close_all()
        took = until(lambda: not Notice.objects.filter(kind="account").exclude(state="sent").exists(), 180)
    counts = _mailed(tmp_path)
    sys.stdout.write(
        f"\nT09 Redis {', '.join(DONE)}: of {len(counts)} notices {counts.count(0)} lost, {sum(each > 1 for each in counts)} doubled, "
        f"the last {took:.0f} s after; people stay signed in, locked accounts stay locked\n"
    )
    figure("T09 notices lost or doubled, Redis killed, emptied, full", len(counts) - counts.count(1), f"{len(counts)} notices")
    assert counts == [1] * len(counts)


def test_t09_control_what_stands_in_redis_alone_is_lost(stands: Stand) -> None:
    with _client(stands) as server:
        server.rpush("a queue", *[f"n{number}@sub.test" for number in range(NOTICES)])
    _killed(stands)
    left = int(_client(stands).llen("a queue"))  # type: ignore[arg-type]  # not the async one
    sys.stdout.write(f"\nT09 control: of {NOTICES} notices that stood in Redis alone {left} are left\n")
    figure("T09 notices lost or doubled, Redis killed, emptied, full", control=f"in Redis alone: {NOTICES - left} of {NOTICES} lost")
    assert left < NOTICES
