"""The queues that this room brings to home."""

from __future__ import annotations

from django.db.models import QuerySet

from paper import access
from paper.models import Checkout
from practice.attention import SHOWN, Queue, Rows


def _rows(found: QuerySet[Checkout]) -> Rows:
    return [{"checkout": row, "file": row.file} for row in found.defer("purpose", "destination", "condition")[:SHOWN]]


QUEUES = (
    Queue(
        "paper-late", "Paper that should be back", 6, "paper/_late_row.html", access.overdue_checkouts, _rows,
        "Bring it back, or say that it is lost. After three days it counts as an incident (PA-3).",
    ),
    Queue("paper-asked", "Paper that is to leave the house", 12, "paper/_asked_row.html", access.checkouts_to_approve, _rows),
)  # fmt: skip
