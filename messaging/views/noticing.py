"""The queues about what did not leave the house, and about what was sent in danger."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from audit.doors import shown
from clients.models import Client
from clients.reaching import GROUNDS
from messaging import access
from messaging.models import Outgoing, Override
from practice.attention import SHOWN, Queue, Rows
from practice.models import User

_OF_THE_CLIENT = [f"client__{name}" for name in Client.Privacy.sealed]


def _unnoted(found: QuerySet[Outgoing]) -> Rows:
    rows = list(found.defer(*_OF_THE_CLIENT)[:SHOWN])
    shown([row.client_id for row in rows])
    return [{"row": row, "why": GROUNDS[row.ground]} for row in rows]


def _overrides(found: QuerySet[Override]) -> Rows:
    rows = list(found.defer("reason", "findings", *_OF_THE_CLIENT)[:SHOWN])
    shown([row.client_id for row in rows])
    return [{"row": row} for row in rows]


def refused_rows(person: User) -> list[dict[str, Any]]:
    """What an admin sees of it in the outbox: codes, kinds and rules; no words, no addresses."""
    rows = list(access.outgoing(person).exclude(state=Outgoing.State.HANDED).defer(*_OF_THE_CLIENT)[:SHOWN])
    shown([row.client_id for row in rows])
    return [
        {"code": row.client.code, "kind": row.kind, "at": row.at, "rule": GROUNDS[row.ground][0], "why": GROUNDS[row.ground][1],
         "noted": row.noted_at}
        for row in rows
    ]  # fmt: skip


QUEUES = (
    Queue(
        "not-sent", "Did not leave the house", 25, "messaging/_unnoted_row.html", access.unnoted, _unnoted,
        "A rule kept these from leaving. Tell them in another way, or settle what stands against it.",
    ),
    Queue(
        "sent-in-danger", "Sent in danger, to be reviewed", 14, "messaging/_override_row.html", access.overrides_to_review, _overrides,
        "By a way that was not agreed (CM-7). Nobody reviews their own.",
    ),
)  # fmt: skip
