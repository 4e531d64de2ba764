"""The time, injected: the server's clock unless a test or the demo says otherwise. Never the browser's."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_fixed: ContextVar[datetime.datetime | None] = ContextVar("subrosa_clock", default=None)


def now() -> datetime.datetime:
    """The current time, aware, UTC."""
    return _fixed.get() or timezone.now()


def today() -> datetime.date:
    """Today where the practice is; the day in Greenwich is another one for hours of every day."""
    return timezone.localdate(now())


@contextmanager
def at(moment: datetime.datetime) -> Iterator[None]:
    """Let ``now()`` answer ``moment`` (aware) within the block."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
