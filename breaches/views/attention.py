"""The queues that this room brings to home."""

from __future__ import annotations

from django.db.models import QuerySet

from audit.doors import named, shown
from breaches import access
from breaches.models import ClientLetter, FollowUp, Incident, Task
from clients.models import BreakGlass
from practice.attention import SHOWN, Queue, Rows
from review.models import Signal
from review.rules import rules
from review.views.attention import UNSHOWN

from .incidents import by_clock


def _incidents(found: QuerySet[Incident]) -> Rows:
    rows = list(found.defer("what", "cause")[:SHOWN])
    named(rows)
    return by_clock(rows)


def _tasks(found: QuerySet[Task]) -> Rows:
    return [{"task": row} for row in found[:SHOWN]]


def _signals(found: QuerySet[Signal]) -> Rows:
    rows = list(found.defer(*UNSHOWN, "decision__finding")[:SHOWN])
    shown([row.client_id for row in rows if row.client_id])
    return [{"signal": row, "rule": rules().get(row.rule)} for row in rows]


def _emergencies(found: QuerySet[BreakGlass]) -> Rows:
    rows = list(found.defer(*UNSHOWN, "reason", "untold_reason", "review__findings", "review__untold_reason")[:SHOWN])
    shown([row.client_id for row in rows])
    return [{"glass": row} for row in rows]


def _offers(found: QuerySet[ClientLetter]) -> Rows:
    rows = list(found.select_related("client").defer("text")[:SHOWN])
    return [{"letter": row} for row in rows]


def _analyses(found: QuerySet[FollowUp]) -> Rows:
    return [{"row": row} for row in found.defer("incident__title", "incident__what", "incident__cause")[:SHOWN]]


QUEUES = (
    Queue(
        "incidents", "Incidents", 4, "breaches/_incident_row.html", access.open_incidents, _incidents,
        "Something that may be a breach. Until it is assessed, it counts as one (BR-1).",
    ),
    Queue(
        "incident-tasks", "To do about an incident", 9, "breaches/_task_row.html", access.own_tasks, _tasks,
        "A colleague gave you this. You see the task, and nothing else of what it is about.",
    ),
    Queue(
        "escalated", "Escalated: open an incident", 6, "breaches/_escalated_row.html", access.escalated_signals, _signals,
        "Somebody found that this may be a breach. One press opens an incident, and whoever it is about does not see it.",
    ),
    Queue(
        "escalated-emergencies", "Emergency access that may be a breach", 6, "breaches/_escalated_row.html",
        access.escalated_emergencies, _emergencies, "Its review opens an incident. One press does.",
    ),
    Queue(
        "offers", "Offer to talk about it", 9, "breaches/_offer_row.html", access.letters_to_offer, _offers,
        "A client had a letter about a breach. Offer to talk about it in session (BR-18).",
    ),
    Queue(
        "analyses", "Risk analysis after an incident", 9, "breaches/_analysis_row.html", access.follow_ups, _analyses,
        "An incident is a reason to look at the risks anew (REV-4).",
    ),
)  # fmt: skip
