"""The queues that this room brings to home."""

from __future__ import annotations

from django.db.models import QuerySet

from executor import access, law
from executor.models import Activation, Plan
from practice.attention import SHOWN, Queue, Rows
from practice.models import User


def _alarms(found: QuerySet[Activation]) -> Rows:
    return [{"activation": row} for row in found.defer("evidence", "why_ended")[:SHOWN]]


def _plans(found: QuerySet[Plan]) -> Rows:
    return [{"plan": row} for row in found.defer(*access.SHUT)[:SHOWN]]


def _planless(found: QuerySet[User]) -> Rows:
    return [{"until": row.joined_at + law.WARN} for row in found]


QUEUES = (
    Queue(
        "executor-alarm", "Somebody says that you cannot go on", 0, "executor/_alarm_row.html", access.own_alarms, _alarms,
        "If you can, stop it: then nothing of your clients opens.",
    ),
    Queue(
        "executor-release", "A colleague cannot go on: your decision", 1, "executor/_release_row.html",
        access.releasable_activations, _alarms,
        "Nothing opens without a second person (RET-26).",
    ),
    Queue("executor-acting", "You go on for a colleague", 1, "executor/_acting_row.html", access.acting, _alarms),
    Queue(
        "executor-accept", "You are named in a plan", 72, "executor/_accept_row.html", access.plans_to_accept, _plans,
        "Read it and say yes, or talk with whoever named you. The custodian is asked again each year (REV-14).",
    ),
    Queue(
        "executor-planless", "You have no professional executor", 73, "executor/_planless_row.html", access.planless_at_home, _planless,
        "Somebody must be able to tell your clients if you cannot. Without a plan in force no new client can be taken in (RET-26).",
    ),
)  # fmt: skip
