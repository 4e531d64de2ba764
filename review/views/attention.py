"""The queues that this room brings to home."""

from __future__ import annotations

from django.db.models import QuerySet

from audit.doors import shown
from clients import history
from practice.attention import SHOWN, Queue, Rows
from review import access
from review.models import LineQuestion

_OF_THE_CLIENT = ("given_name", "family_name", "preferred_name", "pronouns", "born_on", "languages", "emergency")
UNSHOWN = [f"client__{name}" for name in _OF_THE_CLIENT]


def _asked(found: QuerySet[LineQuestion]) -> Rows:
    rows = list(found.defer("question", *UNSHOWN)[:SHOWN])
    shown([row.client_id for row in rows])
    return [{"asked": row, "part": history.words_of(row.part)} for row in rows]


QUEUES = (
    Queue(
        "asked-lines", "Clients ask who opened their record", 7, "review/_asked_row.html", access.line_questions, _asked,
        "They saw a line in the portal and would like to know more. What you answer stands beside it.",
    ),
)  # fmt: skip
