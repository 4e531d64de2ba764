"""The queues that this room brings to home."""

from __future__ import annotations

from clients import access
from practice.attention import SHOWN, Queue, Rows
from practice.models import User


def _closed(person: User) -> Rows:
    return [{"invitation": found, "client": found.client} for found in access.closed_invitations(person).defer("email", "name")[:SHOWN]]


QUEUES = (
    Queue(
        "portal-closed", "Invitations that wrong words closed", 40, "clients/_portal_closed_row.html", _closed,
        "Somebody had the link and not the words. Ask whoever you invited, then make new words or withdraw the invitation.",
    ),
)  # fmt: skip
