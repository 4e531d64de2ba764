"""The queues that this room brings to home."""

from __future__ import annotations

import datetime
from typing import Any

from audit import clock
from clients import access
from clients.models import ComingOfAge
from practice.attention import SHOWN, Queue, Rows
from practice.models import User


def _closed(person: User) -> Rows:
    return [{"invitation": found, "client": found.client} for found in access.closed_invitations(person).defer("email", "name")[:SHOWN]]


def _majority(person: User) -> Rows:
    now = clock.now()
    return [_day(row, now) for row in access.coming_of_age(person)[:SHOWN]]


def _day(row: ComingOfAge, now: datetime.datetime) -> dict[str, Any]:
    return {"client": row.client, "at": row.at, "days": (row.at - now).days, "of_age": row.at <= now}


QUEUES = (
    Queue(
        "majority", "Coming of age", 45, "clients/_majority_row.html", _majority,
        "On that day, at midnight, whoever stood for them sees nothing any more, and what they signed is over. The client signs for "
        "themself before the next session (IC-32).",
    ),
    Queue(
        "portal-closed", "Invitations that wrong words closed", 40, "clients/_portal_closed_row.html", _closed,
        "Somebody had the link and not the words. Ask whoever you invited, then make new words or withdraw the invitation.",
    ),
)  # fmt: skip
