"""What waits for a person: queues that rooms bring, and home shows. Home knows none of them by name.

A room registers its queues in its AppConfig's ``ready``; rooms further right (consent: forms returned; supervision: reviews
due) do the same, and no import points right. A queue asks one rule of its room's access.py and opens no text. Which queues
hold anything is one question for all of them, so that home costs what waits and not what could.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Exists, QuerySet

from audit import asking
from practice.models import User

SHOWN = 50  # rows of each queue; what waits longest stands first
Rows = list[dict[str, Any]]
Rule = Callable[[User], QuerySet[Any]]


@dataclass(frozen=True)
class Queue:
    """One section of home: ``rule`` gives what waits for a person, ``rows`` says of at most SHOWN of it what ``row``, a template, shows."""

    key: str  # the section's anchor; a queue registered again under its key replaces itself
    title: str
    place: int  # smaller stands higher
    row: str
    rule: Rule
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
    some = _finding(person, [queue.rule for queue in in_order])
    return {queue.key: queue.rows(queue.rule(person)) for queue in in_order if queue.rule in some}


def _finding(person: User, rules: list[Rule]) -> set[Rule]:
    """Those of ``rules`` that find anything: asked at once, by kept statements as far as these can be kept."""
    keys = {"pk": person.pk}
    kept = tuple(rule for rule in rules if asking.kept(_probe((rule,)), person, keys, False))
    anew = tuple(rule for rule in rules if rule not in kept)
    return {rule for part in (kept, anew) if part for rule in _answered(part, asking.rows(_probe(part), person, keys))}


@cache
def _probe(rules: tuple[Rule, ...]) -> asking.Rule:
    """A rule that finds people, and says of each of ``rules`` whether it finds anything for the one who asks."""

    def found(user: Any) -> QuerySet[User]:
        return User.objects.only("pk").annotate(**{f"found_{at}": Exists(rule(user)) for at, rule in enumerate(rules)})

    return found


def _answered(rules: tuple[Rule, ...], rows: Sequence[Any]) -> Iterator[Rule]:
    return (rule for at, rule in enumerate(rules) if getattr(rows[0], f"found_{at}"))


def queue(key: str) -> Queue:
    """The queue under ``key``; raises KeyError where no room registered it."""
    return _queues[key]
