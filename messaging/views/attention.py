"""The queues that this room brings to home."""

from __future__ import annotations

from django.db.models import QuerySet

from audit import clock
from messaging import access
from messaging.models import Away, Thread
from messaging.naming import whom
from practice.attention import SHOWN, Queue, Rows

LATE_AFTER = 2  # days somebody has waited for an answer


def _messages(found: QuerySet[Thread]) -> Rows:
    now, threads = clock.now(), found[:SHOWN]
    waited = [(thread, (now - thread.waiting_since).days) for thread in threads if thread.waiting_since]
    return [
        {"thread": row, "client": row.client, "whom": whom(row), "words": _waits(days), "tone": "warn" if days >= LATE_AFTER else ""}
        for row, days in waited
    ]  # fmt: skip


def _waits(days: int) -> str:
    return f"Waits {days} day{'' if days == 1 else 's'}" if days else "Written today"


def _covers(found: QuerySet[Away]) -> Rows:
    return [{"away": row, "waits": row.waits} for row in found[:SHOWN]]  # type: ignore[attr-defined]  # annotated


QUEUES = (
    Queue(
        "messages", "Messages waiting", 24, "messaging/_waiting_row.html", access.waiting_threads, _messages,
        "Somebody wrote in the portal, and nobody has answered yet.",
    ),
    Queue(
        "covering", "You cover for a colleague", 26, "messaging/_covering_row.html", access.covers, _covers,
        "Something waits that you may not open. An admin can give you access to that client.",
    ),
    Queue("uncovered", "Messages nobody here may open", 27, "messaging/_uncovered_row.html", access.covers_without_access, _covers),
)  # fmt: skip
