"""How the machinery stands, for a page: numbers and times, each asked of the part itself; what does not answer is said to be so."""

from __future__ import annotations

import datetime
import shutil
from dataclasses import dataclass
from pathlib import Path

import redis
from django.conf import settings
from django.db.models import Count

from audit import clock, keeping
from practice import health
from practice.limits import HEARTBEAT_LATE
from practice.models import Heartbeat, Notice

QUEUES = ("celery", "keeper")
SKEW = datetime.timedelta(seconds=2)  # more between two clocks, and times on the trail are not to be compared
LITTLE = 0.1  # of a disk


@dataclass(frozen=True)
class Figure:
    """One line: what it is, its number in words, and whether somebody should look."""

    name: str
    words: str
    well: bool = True
    at: datetime.datetime | None = None


@dataclass(frozen=True)
class Group:
    """Lines that belong together."""

    title: str
    figures: list[Figure]


def groups() -> list[Group]:
    """Everything but the runs of upkeep, in the order of the page."""
    return [
        Group("Parts", [Figure(part, "answers" if well else "does not answer", well) for part, well in _parts()]),
        Group("Work that waits", [*_queues(), *_outbox()]),
        Group("Trail", _trail()),
        Group("Heard of", _heard()),
        Group("Clocks and disks", [_clocks(), *_disks()]),
    ]


def _parts() -> list[tuple[str, bool]]:
    return [(part, health.well(part)) for part in health.PARTS]


def _queues() -> list[Figure]:
    server = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        return [Figure("Jobs in the queue", f"{sum(int(server.llen(name)) for name in QUEUES):,}")]  # type: ignore[arg-type]  # not the async one
    except (redis.RedisError, OSError):
        return [Figure("Jobs in the queue", "Redis does not answer", well=False)]
    finally:
        server.close()


def _outbox() -> list[Figure]:
    """Notices by state; what was due longer than the worker's pause and is still here waits for somebody."""
    found = dict(Notice.objects.values_list("state").annotate(many=Count("pk")))
    late = Notice.objects.filter(state=Notice.State.DUE, due_at__lt=clock.now() - keeping.LATE).count()
    told = [Figure(f"Notices {state.label}", f"{found.get(state, 0):,}", well=not _asks(state, found)) for state in Notice.State]
    return [*told, Figure("Notices due for more than five minutes", f"{late:,}", well=not late)]


def _asks(state: Notice.State, found: dict[str, int]) -> bool:
    return state == Notice.State.UNCERTAIN and bool(found.get(state))


def _trail() -> list[Figure]:
    stands = keeping.standing()
    last = stands.last
    return [
        Figure("Last seal", f"number {last.number:,}" if last else "none yet", stands.well, last.at if last else None),
        Figure("Last copy outside the database", "" if stands.watch.anchored_at else "none yet", stands.well, stands.watch.anchored_at),
        Figure(
            "Last verification",
            f"{stands.watch.findings} findings" if stands.watch.verified_at else "none yet",
            not stands.watch.findings,
            stands.watch.verified_at,
        ),
        Figure("Lines not sealed yet", f"{stands.open_lines:,}{' or more' if stands.more else ''}"),
    ]


def _heard() -> list[Figure]:
    young = clock.now() - HEARTBEAT_LATE
    found = [Figure(each.part, "", each.at > young, each.at) for each in Heartbeat.objects.order_by("part")]
    return found or [Figure("worker and beat", "never", well=False)]


def _clocks() -> Figure:
    with keeping.looking() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = cursor.fetchone()[0] - clock.now()
    return Figure("Database and web, apart", f"{abs(apart.total_seconds()):,.2f} s", abs(apart) < SKEW)


def _disks() -> list[Figure]:
    return [_disk("Room for the house", Path(settings.VAR)), _disk("Room for backups", Path(settings.BACKUP_DIR))]


def _disk(name: str, path: Path) -> Figure:
    there = next((each for each in (path, *path.parents) if each.exists()), Path("/"))
    usage = shutil.disk_usage(there)
    return Figure(name, f"{usage.free / 1e9:,.1f} GB free, {usage.free / usage.total:.0%}", usage.free > LITTLE * usage.total)
