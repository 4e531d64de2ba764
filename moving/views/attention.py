"""The queues that this room brings to home."""

from __future__ import annotations

from django.db.models import QuerySet

from audit.doors import shown
from moving import access
from moving.models import MoveOut
from practice.attention import SHOWN, Queue, Rows


def _moves(found: QuerySet[MoveOut]) -> Rows:
    rows = list(found.defer("reason")[:SHOWN])
    shown([row.client_id for row in rows if row.client_id])
    return [{"move": row} for row in rows]


QUEUES = (
    Queue(
        "moves-decide", "Records that somebody wants to take along", 33, "moving/_decide_row.html", access.decidable_moves, _moves,
        "A bundle is made only after a second person said yes.",
    ),
    Queue("moves-ready", "Bundles to fetch", 34, "moving/_ready_row.html", access.takeable_moves, _moves),
)  # fmt: skip
