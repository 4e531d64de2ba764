"""The queues that this room brings to home."""

from __future__ import annotations

from django.db.models import QuerySet

from practice.attention import SHOWN, Queue, Rows
from supervision import access
from supervision.models import Consultation, DeidentifiedView

_UNSHOWN = ("question", "pseudonym", "texts", "work")


def _views(found: QuerySet[DeidentifiedView]) -> Rows:
    return [{"view": row} for row in found.defer(*_UNSHOWN)[:SHOWN]]


def _advised(found: QuerySet[Consultation]) -> Rows:
    return [{"consultation": row} for row in found.defer("question", "told", "grounds", "outcome__decision", "outcome__rationale")[:SHOWN]]


QUEUES = (
    Queue(
        "advised", "They have advised you", 30, "supervision/_advised_row.html", access.advised_consultations, _advised,
        "Write down what you decided, and why: also against the advice.",
    ),
    Queue(
        "consultations", "A colleague asks, without saying who it is", 29, "supervision/_asked_row.html", access.shared_views, _views,
        "Some notes under another name. It ends by itself, and there is nothing to save or print.",
    ),
)  # fmt: skip
