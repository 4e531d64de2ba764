"""How long one client's record is kept: what the house knows of the work, handed to records/retention.py."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Max, Q
from django.utils import timezone

from audit import clock
from clients.models import Client, Member
from clients.models.steps import StatusStep
from practice.models import Practice

from .models import Note, Session
from .retention import Period, Work, periods

_ENDED = (Client.Status.DISCHARGED, Client.Status.ARCHIVED)


def work_with(client: Client, rows: Sequence[UUID]) -> Work | None:
    """When the work with ``client``, whom a door gave, ended, under all ``rows`` of the person; None if there was none.

    While it goes on, as if it ended today.
    """
    today = timezone.localdate(clock.now())
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
    people = [client, *(row.person for row in Member.objects.filter(unit=client.pk).select_related("person"))]
    return tuple(person.born_on for person in people if person.born_on)


def unborn(client: Client) -> bool:
    """Whether a minor's birthday is not known, so that a period may be too short."""
    return Client.objects.filter(Q(pk=client.pk) | Q(units=client.pk), kind=Client.Kind.MINOR).count() > len(_born(client))


def kept(client: Client, rows: Sequence[UUID]) -> list[Period]:
    """What each rule asks for, the longest first; none where nobody was ever served."""
    work = work_with(client, rows)
    return periods(work, Practice.objects.get().states) if work else []
