"""How long a page waits for the database, so that whoever asked is told that it does not answer.

Left alone, a page waits as long as the other side keeps the connection. A watcher looks at the pages that are being made and cuts the
connection of one that has waited LONGEST in all. A connection that could not be made for so long is not tried again within REST: pages
that queue do not each wait for it in turn.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg2
from django.db import connections
from psycopg2.extensions import TRANSACTION_STATUS_ACTIVE

LONGEST = 15.0  # seconds that a page waits for its statements in all, by looking each TICK
TICK = 0.5
REST = 2.0
SLOW = 1.0  # an attempt that failed sooner was refused, and costs the next page nothing


@dataclass
class _Page:
    """One that is being made: the connection of its thread, and how long it was seen to wait."""

    database: Any
    waited: float = 0.0


_pages: dict[int, _Page] = {}
_lock = threading.Lock()
_watcher: threading.Thread | None = None
_rests_until = 0.0


@contextmanager
def watched() -> Iterator[None]:
    """While inside, this thread makes a page."""
    _watch()
    ident = threading.get_ident()
    before, _pages[ident] = _pages.get(ident), _Page(connections["default"])
    try:
        yield
    finally:
        if before:
            _pages[ident] = before
        else:
            del _pages[ident]


def _watch() -> None:
    global _watcher
    if _watcher and _watcher.is_alive():
        return
    with _lock:
        if not _watcher or not _watcher.is_alive():
            _watcher = threading.Thread(target=_look, name="patience", daemon=True)
            _watcher.start()


def _look() -> None:
    pause, before = threading.Event(), time.monotonic()
    while not pause.wait(TICK):
        now = time.monotonic()
        for page in list(_pages.values()):
            look_at(page, now - before)
        before = now


def look_at(page: _Page, passed: float) -> None:
    """Where ``page`` waits, count the seconds that ``passed``, and end its waiting when those were enough."""
    link = page.database.connection
    if link is None or link.closed or link.info.transaction_status != TRANSACTION_STATUS_ACTIVE:
        return
    page.waited += passed
    if page.waited >= LONGEST:
        _cut(link)


def _cut(link: Any) -> None:
    """Whoever waits for ``link`` is told at once that the server went away."""
    with suppress(OSError, psycopg2.Error), socket.socket(fileno=os.dup(link.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)


@contextmanager
def connecting() -> Iterator[None]:
    """While inside, a connection is made. Raises OperationalError at once where one could not be made a moment ago."""
    global _rests_until
    began = time.monotonic()
    if began < _rests_until:
        raise psycopg2.OperationalError("The database did not answer a moment ago.")
    try:
        yield
    except psycopg2.OperationalError:
        if time.monotonic() - began > SLOW:
            _rests_until = time.monotonic() + REST
        raise
