"""Whether each part of the house works: a question to each, an answer of one word."""

from __future__ import annotations

from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DatabaseError, connection

from audit import clock, keeping

from .limits import HEARTBEAT_LATE
from .models import Heartbeat


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _redis() -> bool:
    server = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        return bool(server.ping())
    finally:
        server.close()


def _beats(part: str) -> bool:
    return Heartbeat.objects.filter(part=part, at__gt=clock.now() - HEARTBEAT_LATE).exists()


def _trail() -> bool:
    """Whether a line could be written: we may insert, and this month has its place. No line is written to find out."""
    month = f"audit_event_{clock.now():%Y_%m}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('audit_event', 'INSERT') AND to_regclass(%s) IS NOT NULL", [month])
        return bool(cursor.fetchone()[0])


PARTS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "redis": _redis,
    "worker": lambda: _beats("worker"),
    "beat": lambda: _beats("beat"),
    "trail": _trail,
    "seals": keeping.is_well,
}


def well(part: str) -> bool:
    """Whether ``part`` answers."""
    try:
        return PARTS[part]()
    except (DatabaseError, redis.RedisError, OSError):
        return False
