"""The queues that this room brings to home."""

from __future__ import annotations

from django.db.models import QuerySet

from audit.doors import shown
from practice.attention import SHOWN, Queue, Rows
from transfers import access
from transfers.models import Departure, Transfer

from .transfers import UNSHOWN


def _transfers(found: QuerySet[Transfer]) -> Rows:
    rows = list(found.defer(*UNSHOWN)[:SHOWN])
    shown([row.client_id for row in rows])
    return [{"transfer": row} for row in rows]


def _departures(found: QuerySet[Departure]) -> Rows:
    return [{"departure": row} for row in found.defer("left_words")[:SHOWN]]


QUEUES = (
    Queue(
        "transfers-offered", "Clients offered to you", 31, "transfers/_offered_row.html", access.offered_transfers, _transfers,
        "A colleague asks you to take over a client. You see the code and the reason, and nothing opens before you accept.",
    ),
    Queue("transfers-asked", "Transfers you asked for", 36, "transfers/_asked_row.html", access.asked_transfers, _transfers),
    Queue("leaving", "You are leaving", 37, "transfers/_leaving_row.html", access.own_departures, _departures),
)  # fmt: skip
