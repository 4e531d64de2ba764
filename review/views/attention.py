"""The queues that this room brings to home."""

from __future__ import annotations

import datetime

from django.db.models import QuerySet

from audit import clock
from audit.doors import shown
from clients import history
from clients.models import ClientPermission
from practice.attention import SHOWN, Queue, Rows
from practice.models import Practice
from review import access
from review.models import LineQuestion, ReviewAction, ReviewTask, Signal
from review.periods import quarter
from review.rules import rules
from review.schedule import kinds

_OF_THE_CLIENT = ("given_name", "family_name", "preferred_name", "pronouns", "born_on", "languages", "emergency")
UNSHOWN = [f"client__{name}" for name in _OF_THE_CLIENT]


def _asked(found: QuerySet[LineQuestion]) -> Rows:
    rows = list(found.defer("question", *UNSHOWN)[:SHOWN])
    shown([row.client_id for row in rows])
    return [{"asked": row, "part": history.words_of(row.part)} for row in rows]


def _signals(found: QuerySet[Signal]) -> Rows:
    rows = list(found.defer(*UNSHOWN)[:SHOWN])
    shown([row.client_id for row in rows if row.client_id])
    return [{"signal": row, "rule": rules().get(row.rule)} for row in rows]


def _month(found: QuerySet[Practice]) -> Rows:
    return [{"month": (clock.today().replace(day=1) - datetime.timedelta(days=1))} for _ in found]


def _quarter(found: QuerySet[Practice]) -> Rows:
    return [{"begins": quarter()} for _ in found]


def _grants(found: QuerySet[ClientPermission]) -> Rows:
    return [{"left": found.count()}]


def _reviews(found: QuerySet[ReviewTask]) -> Rows:
    today = clock.today()
    return [{"task": row, "kind": kinds()[row.kind], "overdue": row.due_on < today} for row in found.defer("findings")[:SHOWN]]


def _actions(found: QuerySet[ReviewAction]) -> Rows:
    today = clock.today()
    return [{"action": row, "kind": kinds()[row.task.kind], "late": row.is_late(today)} for row in found.defer("words", "outcome")[:SHOWN]]


QUEUES = (
    Queue(
        "explain", "A colleague asks you", 8, "review/_explain_row.html", access.signals_to_explain, _signals,
        "Something you did met a rule of the monthly review. Say in a sentence what it was.",
    ),
    Queue(
        "signals", "Signals to decide", 78, "review/_signal_row.html", access.open_signals, _signals,
        "What the rules noticed in the trail. A signal is no finding: somebody says what it is (REV-1).",
    ),
    Queue("grants", "Grants to look at this quarter", 80, "review/_grants_row.html", access.grants_to_check, _grants),
    Queue("quarter", "Quarterly review to sign", 80, "review/_quarter_row.html", access.quarters_to_sign, _quarter),
    Queue(
        "reviews", "Reviews of safeguards due", 77, "review/_review_row.html", access.due_reviews, _reviews,
        "What the schedule asks to be looked at (REV-3 to REV-15).",
    ),
    Queue("review-actions", "To do because of a review", 76, "review/_review_action_row.html", access.own_review_actions, _actions),
    Queue("month", "Monthly review to sign", 79, "review/_month_row.html", access.unsigned_months, _month),
    Queue(
        "asked-lines", "Clients ask who opened their record", 7, "review/_asked_row.html", access.line_questions, _asked,
        "They saw a line in the portal and would like to know more. What you answer stands beside it.",
    ),
)  # fmt: skip
