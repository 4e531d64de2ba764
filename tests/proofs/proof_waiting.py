"""T14: no worker and no beat for an hour, a queue full of old and poisoned tasks. Notices go out late but once, and the alarm is raised."""

from __future__ import annotations

import datetime
import os
import sys
from collections import Counter
from pathlib import Path

import redis
from celery import Celery
from django.db import connections

from audit import clock, doors
from practice.actions import outbox
from practice.models import Heartbeat, Notice
from tests.committed import House, as_owner, as_worker
from upkeep.standing import groups

from .faults.stand import Stand, until
from .faults.web import celery, web
from .figures import figure
from .stolen.people import Person

NOTICES = int(os.environ.get("NOTICES", "60"))
WAITED = "T14 notices lost or doubled after an hour without a worker"
QUEUE = int(os.environ.get("QUEUE", "5000"))  # messages that stand in Redis when the worker comes back
HOUR = datetime.timedelta(hours=1)
POISONED = "tests.proofs.faults.poison"


def _an_hour_ago(name: str) -> None:
    """Notices were written and the last signs of life given an hour ago."""
    with clock.at(clock.now() - HOUR):
        for number in range(NOTICES):
            with doors.system("test"):
                outbox.queue("account", f"n{number}@sub.test", "A link", "Words")
        with as_worker():
            for part in ("worker", "beat"):
                Heartbeat.objects.update_or_create(part=part, defaults={"at": clock.now()})
    connections.close_all()


def _put(stands: Stand, *tasks: str, expires: float | None = None) -> None:
    """Messages as the house's own bell makes them."""
    bell = Celery("bell", broker=f"redis+socket://{stands.redis_socket}", set_as_current=False)
    with bell.producer_pool.acquire() as producer:
        for task in tasks:
            bell.send_task(task, producer=producer, expires=expires)


def _left_in_redis(stands: Stand) -> None:
    """Old rings of the bell, which are over, and some that nobody can make anything of."""
    redis.Redis(unix_socket_path=str(stands.redis_socket)).flushall()
    _put(stands, *["practice.tasks.send_due"] * QUEUE, expires=1)  # seconds
    _put(stands, "poison.raises", "nobody.knows.this")
    _put(stands, "poison.kills", expires=3600)
    redis.Redis(unix_socket_path=str(stands.redis_socket)).rpush("celery", "no message at all")


def _waits(kind: str = "account") -> bool:
    connections.close_all()
    return Notice.objects.filter(kind=kind).exclude(state="sent").exists()


def _counts(place: Path) -> list[int]:
    told = "".join(path.read_text() for path in (place / "mail").iterdir())
    return [told.count(f"To: n{number}@sub.test\n") for number in range(NOTICES)]


def test_t14_after_an_hour_without_a_worker_everything_goes_out_once_though_the_queue_is_full_and_poisoned(
    stands: Stand, own_house: tuple[str, House], tmp_path: Path
) -> None:
    name, house = own_house
    _an_hour_ago(name)
    _left_in_redis(stands)
    with web(name, tmp_path) as server:
        pulse = Person(server.site, "anonymous").ask("GET", "/healthz")
        with doors.system("test", on_behalf_of=house.ada):
            shown = {figure.name for group in groups() for figure in group.figures if not figure.well}
        with celery(name, tmp_path, "worker", "beat", app=POISONED) as jobs:
            took = until(lambda: not _waits(), 420)
            settled = until(lambda: "worker: ok" in Person(server.site, "anonymous").ask("GET", "/healthz")[1], 120)
    counts = _counts(tmp_path)
    sys.stdout.write(
        f"\nT14 an hour without worker and beat: /healthz {pulse[0]}, named as ill {sorted(shown)}; then, behind {QUEUE:,} old "
        f"messages and 4 poisoned ones, of {NOTICES} notices {counts.count(0)} never sent, {sum(each > 1 for each in counts)} sent twice, "
        f"the last {took:.0f} s after worker and beat began to start, well {settled:.0f} s later; "
        f"{jobs.starts - 2} of them were started again\n"
    )
    figure(WAITED, NOTICES - counts.count(1), f"{NOTICES} notices behind {QUEUE:,} old messages")
    assert pulse[0] == 503
    assert {"worker: ill", "beat: ill"} <= set(pulse[1].splitlines())
    assert {"worker", "beat", "Notices due for more than five minutes"} <= shown
    assert counts == [1] * NOTICES


def test_t14_control_workers_that_claim_nothing_send_twice(stands: Stand, own_house: tuple[str, House], tmp_path: Path) -> None:
    name, _ = own_house
    _an_hour_ago(name)
    redis.Redis(unix_socket_path=str(stands.redis_socket)).flushall()
    _put(stands, *["practice.tasks.send_due"] * 4)
    with celery(name, tmp_path, "worker", app=POISONED, UNCLAIMED="1"):
        until(lambda: not _waits(), 420)
    counts = Counter(_counts(tmp_path))
    sys.stdout.write(
        f"\nT14 control, nothing claimed: of {NOTICES} notices {sum(counts[each] for each in counts if each > 1)} sent twice or more\n"
    )
    figure(WAITED, control=f"nothing claimed: {sum(counts[each] for each in counts if each > 1)} of {NOTICES} twice")
    assert max(counts) > 1


def test_t14_control_without_a_worker_nothing_goes_out_and_the_alarm_stays(own_house: tuple[str, House], tmp_path: Path) -> None:
    name, _ = own_house
    _an_hour_ago(name)
    with web(name, tmp_path) as server, celery(name, tmp_path, "beat"):
        until(lambda: "beat: ok" in Person(server.site, "anonymous").ask("GET", "/healthz")[1], 120)
        _, pulse = Person(server.site, "anonymous").ask("GET", "/healthz")
    with as_owner(name) as cursor:
        cursor.execute("SELECT count(*) FROM practice_notice WHERE state = 'sent'")
        sent = cursor.fetchone()[0]
    sys.stdout.write(f"\nT14 control, no worker: {sent} of {NOTICES} notices sent, worker ill: {'worker: ill' in pulse}\n")
    assert sent == 0
    assert "worker: ill" in pulse
