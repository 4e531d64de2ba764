"""How long one client's record is kept: what the house knows of the work, handed to records/retention.py."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from audit import clock
from clients.models import Client, Member
from clients.models.steps import StatusStep
from practice.models import Practice

from .models import Note, Session
from .retention import Period, Work, periods

# What payers and promises ask beside the law, by client, rows of the person and last service. Rooms to the right add theirs.
more: list[Callable[[Client, Sequence[UUID], datetime.date], list[Period]]] = []
_ENDED = (Client.Status.DISCHARGED, Client.Status.ARCHIVED)


def work_with(client: Client, rows: Sequence[UUID]) -> Work | None:
    """When the work with ``client``, whom a door gave, ended, under all ``rows`` of the person; None if there was none.

    While it goes on, as if it ended today.
    """
    today = clock.today()
    attended = Session.objects.filter(client__in=rows, outcome=Session.Outcome.ATTENDED).aggregate(at=Max("starts_at"))["at"]
    written = Note.objects.filter(client__in=rows, signed_at__isnull=False).aggregate(at=Max("created_at"))["at"]
    days = [timezone.localdate(at) for at in (attended, written) if at]
    if not days:
        return None
    if client.status not in _ENDED:
        return Work(today, today, _born(client))
    return Work(_ended_on(rows) or max(days), max(days), _born(client))


def _ended_on(rows: Sequence[UUID]) -> datetime.date | None:
    found: datetime.date | None = StatusStep.objects.filter(client__in=rows, became=Client.Status.DISCHARGED).aggregate(on=Max("on"))["on"]
    return found


def _born(client: Client) -> tuple[datetime.date, ...]:
    """Birthdays of whom the record is about: of a couple or family every member's, also of those who left."""
    return birthdays(_about(client))


def _about(client: Client) -> list[Client]:
    return [client, *(row.person for row in Member.objects.filter(unit=client.pk).select_related("person"))]


def birthdays(people: Iterable[Client]) -> tuple[datetime.date, ...]:
    """Of those whose it is known. A minor whose is not is counted as if born on the day they came: nobody came before (RET-21)."""
    days = [timezone.localdate(person.since) if is_unborn(person) else person.born_on for person in people]
    return tuple(day for day in days if day)


def is_unborn(person: Client) -> bool:
    """Whether nobody wrote down when this minor was born."""
    return person.kind == Client.Kind.MINOR and not person.born_on


def unborn(client: Client) -> bool:
    """Whether a minor's birthday is not known, so that a period is longer than it would be."""
    return any(map(is_unborn, _about(client)))


def kept(client: Client, rows: Sequence[UUID]) -> list[Period]:
    """What each rule asks for, the longest first; none where nobody was ever served."""
    work = work_with(client, rows)
    if work is None:
        return []
    found = periods(work, Practice.objects.get().states) + [period for asks in more for period in asks(client, rows, work.last_on)]
    return sorted(found, key=lambda period: period.until, reverse=True)
