"""The queues that this room brings to home."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet

from audit import clock
from clients import access
from clients.models import ComingOfAge, PortalInvitation
from practice.attention import SHOWN, Queue, Rows


def _closed(found: QuerySet[PortalInvitation]) -> Rows:
    return [{"invitation": each, "client": each.client} for each in found.defer("email", "name")[:SHOWN]]


def _majority(found: QuerySet[ComingOfAge]) -> Rows:
    now = clock.now()
    return [_day(row, now) for row in found[:SHOWN]]


def _day(row: ComingOfAge, now: datetime.datetime) -> dict[str, Any]:
    return {"client": row.client, "at": row.at, "days": (row.at - now).days, "of_age": row.at <= now}


QUEUES = (
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
