"""What of this room one may consult somebody about (SU-7): supervision/serving.py asks."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from clients.models import Client
from practice.models import User
from supervision.serving import Served

from . import access


def _exceptions(user: User, client: Client | None) -> QuerySet[Any]:
    return access.own_exceptions(user).filter(client=client)


def _processes(user: User, client: Client | None) -> QuerySet[Any]:
    return access.open_processes(user).filter(client=client)


def _rights(user: User, client: Client | None) -> QuerySet[Any]:
    return access.open_rights(user).filter(client=client, decision="")


def _releases(user: User, client: Client | None) -> QuerySet[Any]:
    return access.open_releases(user).filter(client=client)


SERVED = (
    Served(
        "exception", "An exception", _exceptions, "exception_detail", lambda row: f"{row.get_kind_display()}, {row.learned_at:%-d %b %Y}"
    ),
    Served("process", "A paper that was served", _processes, "process_detail", lambda row: f"served {row.served_at:%-d %b %Y}"),
    Served("right", "A request", _rights, "rights_detail", lambda row: f"{row.get_kind_display()}, {row.received_on:%-d %b %Y}"),
    Served("release", "A release", _releases, "release_detail", lambda row: f"begun {row.made_at:%-d %b %Y}"),
)
