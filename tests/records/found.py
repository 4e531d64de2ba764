"""What a rule finds where the database hides nothing, and rows that no page would lay out so, to ask it about."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet

from audit import clock, trail
from audit.models import Act
from clients.models import Client, ClientPermission, Codename
from practice.models import User
from records.models import DraftShare, Note
from tests.cast import acting


def found(rule: Callable[..., QuerySet[Any]], user: User, *given: Any) -> set[Any]:
    """The ids of what ``user`` finds by ``rule``."""
    with acting(user):
        return set(rule(user, *given).order_by().values_list("pk", flat=True))


def grant(client: Client, user: User, codename: Codename, reason: str = "supervision") -> None:
    """``user`` is given the record of ``client`` as such, for that reason, without anybody being asked."""
    permission = Permission.objects.get(codename=codename, content_type__app_label="clients", content_type__model="client")
    ClientPermission.objects.create(content_object=client, user=user, permission=permission, reason=reason)


def end(client: Client, user: User) -> None:
    """Whatever ``user`` was given of ``client`` is over."""
    ClientPermission.objects.filter(content_object=client, user=user).update(until=clock.now())


def put_away(client: Client) -> None:
    """``client`` is archived, and everything else is as it was."""
    Client.objects.filter(pk=client.pk).update(status=Client.Status.ARCHIVED)


@contextmanager
def looking(user: User) -> Iterator[uuid.UUID]:
    """``user`` asks for a page: its lines carry the id that this yields."""
    with acting(user):
        recorder, request = trail.recorder(), uuid.uuid4()
        recorder.actor = replace(recorder.actor, request_id=request)
        yield request


def told(user: User, thing: Note | DraftShare, **other: Any) -> None:
    """A line of the trail: ``user`` had ``thing`` before them on another page; or else, as ``other`` says."""
    line: dict[str, Any] = {"act": Act.READ, "what_id": thing.pk, "client_id": thing.client_id} | other
    actor = trail.Actor("supervisor", line.pop("actor_id", user.pk), line.pop("request_id", uuid.uuid4()))
    trail.write(actor, [trail.Line(what=trail.label(thing), part="page", **line)])
