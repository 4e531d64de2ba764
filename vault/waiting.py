"""Waits until every transaction of now is over, so that nobody is left who goes by what was true before."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import connection

# Whoever is in a transaction holds the lock of its number, and that anyone may see, whoever the other is.
RUNNING = """SELECT l.virtualtransaction, a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'virtualxid' AND a.datname = current_database() AND a.usesysid IS NOT NULL AND l.pid <> pg_backend_pid()"""
PAUSE = 0.05  # seconds between two looks


def running() -> dict[str, str]:
    """The transactions of others in this database, and what their connections are called."""
    with connection.cursor() as cursor:
        cursor.execute(RUNNING)
        return dict(cursor.fetchall())


def until_all_are_over(tell: Callable[[list[str]], None]) -> None:
    """Come back when none of those that run now runs any more; ``tell`` is given the names of those left, once in a while."""
    left = running()
    while left:
        tell(sorted(set(left.values())))
        time.sleep(PAUSE)
        now = running()
        left = {each: name for each, name in left.items() if each in now}
