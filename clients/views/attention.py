"""The queues that this room brings to home."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet

from audit import clock
from audit.doors import shown
from clients import access
from clients.models import BreakGlass, ComingOfAge, PortalInvitation
from practice.attention import SHOWN, Queue, Rows

from .emergency import UNSHOWN


def _closed(found: QuerySet[PortalInvitation]) -> Rows:
    return [{"invitation": each, "client": each.client} for each in found.defer("email", "name")[:SHOWN]]


def _majority(found: QuerySet[ComingOfAge]) -> Rows:
    now = clock.now()
    return [_day(row, now) for row in found[:SHOWN]]


def _day(row: ComingOfAge, now: datetime.datetime) -> dict[str, Any]:
    return {"client": row.client, "at": row.at, "days": (row.at - now).days, "of_age": row.at <= now}


def _emergencies(found: QuerySet[BreakGlass]) -> Rows:
    rows = list(found.defer(*UNSHOWN)[:SHOWN])
    shown([row.client_id for row in rows])
    return [{"emergency": row} for row in rows]


QUEUES = (
    Queue(
        "emergencies", "Opened in an emergency", 5, "clients/_emergency_waiting.html", access.emergencies_to_review, _emergencies,
        "A colleague opened this record outside the usual way. Somebody else says within one business day whether that was right (SE-2).",
    ),
    Queue(
        "majority", "Coming of age", 75, "clients/_majority_row.html", access.coming_of_age, _majority,
        "On that day, at midnight, whoever stood for them sees nothing any more, and what they signed is over. The client signs for "
        "themself before the next session (IC-32).",
    ),
    Queue(
        "portal-closed", "Invitations that wrong words closed", 80, "clients/_portal_closed_row.html", access.closed_invitations, _closed,
        "Somebody had the link and not the words. Ask whoever you invited, then make new words or withdraw the invitation.",
    ),
)  # fmt: skip
