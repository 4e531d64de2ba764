"""What waits for a person: queues that rooms bring, and home shows. Home knows none of them by name.

A room registers its queues in its AppConfig's ``ready``; rooms further right (consent: forms returned; supervision: reviews
due) do the same, and no import points right. A queue asks one rule of its room's access.py and opens no text. Which queues
hold anything is one question for all of them, so that home costs what waits and not what could.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, QuerySet

from practice.models import User

SHOWN = 50  # rows of each queue; what waits longest stands first
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Queue:
    """One section of home: ``rule`` gives what waits for a person, ``rows`` says of at most SHOWN of it what ``row``, a template, shows."""

    key: str  # the section's anchor; a queue registered again under its key replaces itself
    title: str
    place: int  # smaller stands higher
    row: str
    rule: Callable[[User], QuerySet[Any]]
    rows: Callable[[QuerySet[Any]], Rows]
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
    in_order = sorted(_queues.values(), key=lambda queue: queue.place)
    found = [queue.rule(person) for queue in in_order]
    return {queue.key: queue.rows(waits) for queue, waits, any_ in zip(in_order, found, _which(person, found), strict=True) if any_}


def _which(person: User, found: list[QuerySet[Any]]) -> tuple[bool, ...]:
    """Of each queryset whether it finds anything, asked at once."""
    asked = {f"queue_{at}": Exists(waits) for at, waits in enumerate(found)}
    return User.objects.filter(pk=person.pk).annotate(**asked).values_list(*asked).get() if asked else ()


def queue(key: str) -> Queue:
    """The queue under ``key``; raises KeyError where no room registered it."""
    return _queues[key]
