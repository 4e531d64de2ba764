"""The queues that this room brings to home."""

from __future__ import annotations

from django.db.models import QuerySet

from practice.attention import SHOWN, Queue, Rows
from supervision import access
from supervision.models import Agreement, Consultation, DeidentifiedView, Meeting, Paper

_UNSHOWN = ("question", "pseudonym", "texts", "work")


def _views(found: QuerySet[DeidentifiedView]) -> Rows:
    return [{"view": row} for row in found.defer(*_UNSHOWN)[:SHOWN]]


def _advised(found: QuerySet[Consultation]) -> Rows:
    return [{"consultation": row} for row in found.defer("question", "told", "grounds", "outcome__decision", "outcome__rationale")[:SHOWN]]


def _agreements(found: QuerySet[Agreement]) -> Rows:
    return [{"agreement": row} for row in found.defer("cover", "fees", "terms")[:SHOWN]]


def _meetings(found: QuerySet[Meeting]) -> Rows:
    return [{"meeting": row} for row in found.defer("topics")[:SHOWN]]


def _papers(found: QuerySet[Paper]) -> Rows:
    return [{"paper": row} for row in found.defer("content")[:SHOWN]]


QUEUES = (
    Queue(
        "advised", "They have advised you", 30, "supervision/_advised_row.html", access.advised_consultations, _advised,
        "Write down what you decided, and why: also against the advice.",
    ),
    Queue(
        "consultations", "A colleague asks, without saying who it is", 29, "supervision/_asked_row.html", access.shared_views, _views,
        "Some notes under another name. It ends by itself, and there is nothing to save or print.",
    ),
    Queue(
        "agreements-to-sign", "Agreements of supervision to sign", 38, "supervision/_agreement_row.html", access.signable_agreements,
        _agreements,
    ),
    Queue(
        "agreements-ending", "Supervision that ends within 30 days", 38, "supervision/_ending_row.html", access.ending_agreements,
        _agreements, "Whoever must be supervised holds no session after that day without a new agreement (SU-1).",
    ),
    Queue("meetings-to-sign", "Meetings of supervision to sign", 38, "supervision/_meeting_row.html", access.signable_meetings, _meetings),
    Queue("supervision-papers", "Papers of supervision to sign", 39, "supervision/_paper_row.html", access.signable_papers, _papers),
)  # fmt: skip
