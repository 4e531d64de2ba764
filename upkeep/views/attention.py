"""The queue that this room brings to home."""

from __future__ import annotations

from django.db.models import QuerySet

from practice.attention import Queue, Rows
from practice.models import Practice
from upkeep import access


def _late(found: QuerySet[Practice]) -> Rows:
    last = access.good_backups().first()
    return [{"last": last} for _ in found]


QUEUES = (
    Queue(
        "backup", "No backup of the last 24 hours", 3, "upkeep/_backup_row.html", access.late_backup, _late,
        "Whatever is written now would be lost with the machine (SE-16).",
    ),
)  # fmt: skip
