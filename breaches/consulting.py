"""What of this room one may consult somebody about (SU-7): supervision/serving.py asks."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from clients.models import Client
from practice.models import User
from supervision.serving import Served

from . import access


def _incidents(user: User, client: Client | None) -> QuerySet[Any]:
    found = access.open_incidents(user)
    return found.none() if client else found


SERVED = (Served("incident", "An incident", _incidents, "incident_detail", lambda row: f"reported {row.reported_at:%-d %b %Y}"),)
