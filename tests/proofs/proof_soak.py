"""T42: people save for long, and every minute something else breaks: nothing is lost, and nothing grows.

SOAK is for how many minutes (default 3; the plan's six hours are SOAK=360), EVERY how many seconds lie between two faults. The web is not
killed here, as T07 does that: its processes stay the same from the first minute to the last, so that what they keep is seen.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import psycopg2
import pytest
from django.db import connections

from practice.models import Notice
from tests.committed import House

from .faults import checker
from .faults.stand import Server, Stand, descendants, until
from .faults.web import APPLICATION, Jobs, Web, celery, web
from .faults.work import SAVERS, SEED, Saver, acts, count, savers, working
from .figures import figure

MINUTES = float(os.environ.get("SOAK", "3"))
EVERY = float(os.environ.get("EVERY", "20"))
LOOK = 1.0  # seconds between two looks at memory and connections
CONNECTIONS = 80  # what PostgreSQL is given (ops/postgres.py)
MB = 1024 * 1024


@dataclass
class Seen:
    """What was looked at while people worked: (when, bytes) of the web, and connections."""

    memory: list[tuple[float, int]] = field(default_factory=list)
    connections: list[int] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)

    def growth(self) -> float:
        """By how much of itself memory grows in an hour, from the second quarter, when everything is warm, to the last."""
        quarter = len(self.memory) // 4
        early, late = self.memory[quarter : 2 * quarter], self.memory[-quarter:]
        (began, before), (ended, after) = ((median(when for when, _ in part), median(size for _, size in part)) for part in (early, late))
        return (after / before - 1) / ((ended - began) / 3600)


def _frozen(server: Server) -> None:
    server.send(signal.SIGSTOP)
    time.sleep(3)
    server.send(signal.SIGCONT)


def _again(stands: Stand) -> None:
    stands.postgres.kill()
    stands.start_postgres()


def _redis_again(stands: Stand) -> None:
    stands.redis.kill()
    stands.start_redis()


def _job_killed(jobs: Jobs) -> None:
    process = jobs.running.get("worker")
    if process is not None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _faults(stands: Stand, jobs: Jobs) -> dict[str, Callable[[], None]]:
    return {
        "PostgreSQL killed": lambda: _again(stands),
        "PostgreSQL frozen for 3 s": lambda: _frozen(stands.postgres),
        "Redis killed": lambda: _redis_again(stands),
        "Redis frozen for 3 s": lambda: _frozen(stands.redis),
        "worker killed": lambda: _job_killed(jobs),
    }


def _memory(server: Web) -> int:
    """What all processes of the web keep, shared parts counted once."""
    assert server.process is not None
    sizes = []
    for pid in (server.process.pid, *descendants(server.process.pid)):
        with suppress(FileNotFoundError, ProcessLookupError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            sizes += [int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")]
    return sum(sizes)


def _open(name: str) -> int:
    """Connections to the database, this one not counted; none while it is away."""
    with suppress(psycopg2.Error):
        link = psycopg2.connect(os.environ["DATABASE_URL_OWNER"], connect_timeout=2)
        try:
            with link.cursor() as cursor:
                cursor.execute("SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = %s", [name])
                return int(cursor.fetchone()[0])  # type: ignore[index]  # a count
        finally:
            link.close()
    return 0


def _soaked(stands: Stand, name: str, server: Web, jobs: Jobs, people: list[Saver], minutes: float) -> Seen:
    chance, seen, faults = random.Random(SEED), Seen(), _faults(stands, jobs)
    began = last = time.monotonic()
    with working(people):
        while (now := time.monotonic()) - began < minutes * 60:
            seen.memory.append((now, _memory(server)))
            seen.connections.append(_open(name))
            if now - last >= EVERY:
                last, fault = now, chance.choice([*faults])
                faults[fault]()
                seen.done[fault] += 1
            time.sleep(LOOK)
    return seen


def _waits() -> bool:
    connections.close_all()
    return Notice.objects.filter(state__in=["due", "claimed"]).exists()


@pytest.mark.parametrize("application", [APPLICATION, "tests.proofs.faults.leaking:application"], ids=["as it is", "control: it leaks"])
def test_t42_hours_of_work_and_faults_lose_nothing_and_nothing_grows(
    stands: Stand, own_house: tuple[str, House], tmp_path: Path, application: str
) -> None:
    name, house = own_house
    honest, anchor = application == APPLICATION, str(tmp_path / "trail.jsonl")  # where the checker looks for it, too
    with web(name, tmp_path, application=application) as server, celery(name, tmp_path, "worker", "beat", TRAIL_ANCHOR=anchor) as jobs:
        people = savers(house, server.site)
        seen = _soaked(stands, name, server, jobs, people, MINUTES if honest else min(MINUTES, 2))
        until(lambda: people[0].person.ask("GET", "/")[0] == 200)
        until(lambda: not _waits(), 180)
    gone, torn, findings = checker.lost(house, people), checker.torn(house, people), checker.trail(tmp_path)
    took = quantiles([act.took * 1000 for act in acts(people) if act.outcome == "ok"], n=100)
    saved, growth, most = count(people, "ok"), seen.growth(), max(seen.connections)
    label = "" if honest else "control, 100 KB kept of each request: "
    sys.stdout.write(
        f"\nT42 {label}{MINUTES:g} minutes, {SAVERS} people, {saved:,} saves acknowledged, "
        f"{dict(seen.done)}: {len(gone)} lost, {len(torn)} half-saved, {findings} findings; memory of the web "
        f"{seen.memory[0][1] / MB:.0f} MB at first, {seen.memory[-1][1] / MB:.0f} at last, {growth:+.0%} an hour; "
        f"at most {most} connections; p95 {took[94]:.0f} ms, p99 {took[98]:.0f} ms; other answers {checker.statuses(people)}, seed {SEED}\n"
    )
    if not honest:
        figure("T42 growth of the web's memory in an hour", control=f"100 KB kept of each request: {growth:+.0%}")
        assert growth > 1
        return
    figure("T42 saves lost in a soak", len(gone), f"{saved:,} acknowledged, {MINUTES:g} minutes, {seen.done.total()} faults")
    figure("T42 growth of the web's memory in an hour", f"{growth:+.1%}", f"{MINUTES:g} minutes, {seen.done.total()} faults")
    figure("p95, p99 of a save while something breaks each minute", f"{took[94]:.0f}, {took[98]:.0f} ms", f"{saved:,} saves")
    assert (gone, torn, findings, checker.traces(people)) == ([], [], 0, 0)
    assert most <= CONNECTIONS
