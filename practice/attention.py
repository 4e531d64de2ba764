"""What waits for a person: queues that rooms bring, and home shows. Home knows none of them by name.

A room registers its queues in its AppConfig's ``ready``; rooms further right (consent: forms returned; supervision: reviews
due) do the same, and no import points right. A queue asks one rule of its room's access.py and opens no text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from practice.models import User

SHOWN = 50  # rows of each queue; what waits longest stands first
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Queue:
    """One section of home. ``find`` gives a person's rows (at most SHOWN), ``row`` is the template that shows one as ``row``."""

    key: str  # the section's anchor; a queue registered again under its key replaces itself
    title: str
    place: int  # smaller stands higher
    row: str
    find: Callable[[User], Rows]
    help: str = ""


_queues: dict[str, Queue] = {}


def register(*queues: Queue) -> None:
    """Show ``queues`` on home."""
    _queues.update({queue.key: queue for queue in queues})


def forget(*keys: str) -> None:
    """Show the queues under ``keys`` no more."""
    for key in keys:
        _queues.pop(key, None)


def waiting_for(person: User) -> dict[str, Rows]:
    """The rows that wait for ``person`` by queue, in their order; queues without a row are left out."""
    found = {key: queue.find(person) for key, queue in sorted(_queues.items(), key=lambda item: item[1].place)}
    return {key: rows for key, rows in found.items() if rows}


def queue(key: str) -> Queue:
    """The queue under ``key``; raises KeyError where no room registered it."""
    return _queues[key]
