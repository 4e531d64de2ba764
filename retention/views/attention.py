"""The queue that this room brings to home."""

from __future__ import annotations

from django.db.models import QuerySet

from practice.attention import SHOWN, Queue, Rows
from retention import access
from retention.models import Batch


def _batches(found: QuerySet[Batch]) -> Rows:
    return [{"batch": row} for row in found.defer("witness", "vendor")[:SHOWN]]


QUEUES = (
    Queue(
        "destructions", "Records to let go: your approval", 38, "retention/_batch_row.html", access.approvable_batches, _batches,
        "A colleague proposes to destroy records whose day is over. Nothing happens without a second person.",
    ),
)  # fmt: skip
