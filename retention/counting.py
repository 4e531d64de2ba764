"""Until when each ended record is kept, counted by the job: it reads birthdays, and what it finds is sealed (RET-20, RET-21)."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.utils import timezone

from audit import clock
from clients.models import Client, Member
from practice.models import Practice
from records.keeping import birthdays, is_unborn
from records.retention import Period, Work, periods

from . import database, payers
from .models import Longer, Standing

CHUNK = 200
AGAIN_RIPE, AGAIN = datetime.timedelta(days=30), datetime.timedelta(days=180)  # when it is counted again, at the latest
_DAYS = "SELECT client, last_at, ended FROM retention_days(%s)"
_BIRTHS = ("id", "kind", "status", "born_on", "since", "version")


def due() -> list[UUID]:
    """The clients whose record ended and is to be counted (again)."""
    return [client for client, _, _ in database.asked(_DAYS, None)]


def _people(clients: Collection[UUID]) -> dict[UUID, list[Client]]:
    """Whom each record is about: the client, and of a couple or family every member, also of those who left."""
    rows = {client.pk: [client] for client in Client.objects.filter(pk__in=clients).only(*_BIRTHS)}
    for place in Member.objects.filter(unit__in=clients).select_related("person").only("unit", *[f"person__{name}" for name in _BIRTHS]):
        rows[place.unit_id].append(place.person)
    return rows


def _longer(clients: Collection[UUID]) -> dict[UUID, list[Longer]]:
    found: dict[UUID, list[Longer]] = {ident: [] for ident in clients}
    for row in payers.of(clients):
        found[row.client_id].append(row)
    return found


def count(only: Collection[UUID]) -> Iterator[tuple[Client, list[Period], bool]]:
    """Of each of these clients whose record ended: what each rule asks for, the longest first; and whether a birthday is missing."""
    people, longer, states = _people(only), _longer(only), Practice.objects.get().states
    for ident, last_at, ended in database.asked(_DAYS, list(only)):
        last, about = timezone.localdate(last_at), people[ident]
        found = periods(Work(max(last, ended or last), last, birthdays(about)), states)
        found += [payers.period(row, last) for row in longer[ident]]
        yield about[0], sorted(found, key=lambda period: period.until, reverse=True), any(map(is_unborn, about))


def told(period: Period, unborn: bool) -> dict[str, Any]:
    """What is kept of it."""
    rule = period.rule
    return {"until": period.until.isoformat(), "rule": rule.rule, "words": rule.words, "arithmetic": period.arithmetic, "unborn": unborn}


def is_ripe(period: Period) -> bool:
    """Destroyed only once the day is over (RET-21)."""
    return clock.today() > period.until


def look(only: Collection[UUID]) -> int:
    """Count these clients and keep what was found; returns how many are ripe."""
    known = {row.client_id: row for row in Standing.objects.filter(client__in=only).defer("told")}
    ripe = 0
    for client, found, unborn in count(only):
        row = known.get(client.pk) or Standing(client=client)
        row.ripe, row.told, row.looked_at = is_ripe(found[0]), told(found[0], unborn), clock.now()
        row.look_on = _again(row.ripe, found[0])
        row.save(update_fields=None if row._state.adding else ["ripe", "told", "look_on", "looked_at"])
        ripe += row.ripe
    return ripe


def _again(ripe: bool, period: Period) -> datetime.date:
    today = clock.today()
    return today + AGAIN_RIPE if ripe else min(today + AGAIN, max(period.until, today) + datetime.timedelta(days=1))


def chunks(idents: list[UUID]) -> Iterable[list[UUID]]:
    """Some at a time."""
    return (idents[start : start + CHUNK] for start in range(0, len(idents), CHUNK))
