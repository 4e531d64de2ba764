"""The queues that this room brings to home."""

from __future__ import annotations

from django.db.models import QuerySet

from audit.doors import named
from breaches import access
from breaches.models import Incident
from practice.attention import SHOWN, Queue, Rows


def _incidents(found: QuerySet[Incident]) -> Rows:
    rows = list(found.defer("what", "cause")[:SHOWN])
    named(rows)
    return [{"incident": row} for row in rows]


QUEUES = (
    Queue(
        "incidents", "Incidents", 4, "breaches/_incident_row.html", access.open_incidents, _incidents,
        "Something that may be a breach. Until it is assessed, it counts as one (BR-1).",
    ),
)  # fmt: skip
