"""The queues that this room brings to home."""

from __future__ import annotations

from django.db.models import QuerySet

from audit import clock
from audit.doors import shown
from disclosures import access
from disclosures.models import AccountingRequest, Consult, ExceptionEvent, LegalProcess, Release, RightsRequest
from practice.attention import SHOWN, Queue, Rows
from review.views.attention import UNSHOWN


def _releases(found: QuerySet[Release]) -> Rows:
    rows = list(found.defer("chosen", "details", *UNSHOWN)[:SHOWN])
    shown([row.client_id for row in rows])
    return [{"release": row} for row in rows]


def _accountings(found: QuerySet[AccountingRequest]) -> Rows:
    rows = list(found.defer("pdf", *UNSHOWN)[:SHOWN])
    shown([row.client_id for row in rows])
    return [{"row": row} for row in rows]


def _rights(found: QuerySet[RightsRequest]) -> Rows:
    rows = list(found.defer(*UNSHOWN)[:SHOWN])
    shown([row.client_id for row in rows])
    return [{"row": row} for row in rows]


def _consults(found: QuerySet[Consult]) -> Rows:
    unopened = [f"event__{name}" for name in ("facts", "source", "standard", "rationale", "discussion", "follow_up")]
    rows = list(found.defer("question", "advice", "whom", *unopened, *UNSHOWN)[:SHOWN])
    shown([row.client_id for row in rows])
    return [{"consult": row} for row in rows]


def _events(found: QuerySet[ExceptionEvent]) -> Rows:
    rows = list(found.defer("facts", "source", "standard", "rationale", "discussion", "follow_up", *UNSHOWN)[:SHOWN])
    shown([row.client_id for row in rows])
    return [{"event": row} for row in rows]


def _processes(found: QuerySet[LegalProcess]) -> Rows:
    rows = list(found.defer(*LegalProcess.Privacy.sealed, *UNSHOWN)[:SHOWN])
    shown([row.client_id for row in rows])
    today = clock.today()
    return [{"paper": row, "today": today} for row in rows]


QUEUES = (
    Queue(
        "consults", "A supervisee asks: may this stay between them?", 2, "disclosures/_consult_row.html", access.consults_asked, _consults,
        "It is urgent, and it is advice: they decide and report themselves (REP-1).",
    ),
    Queue("exceptions", "Exceptions that are not over", 3, "disclosures/_exception_row.html", access.own_exceptions, _events),
    Queue(
        "processes", "Legal papers to answer", 4, "disclosures/_process_row.html", access.waiting_processes, _processes,
        "Until a paper is validated, neither confirm nor deny that anybody is a client (LP-5).",
    ),
    Queue(
        "releases-look", "Releases to look at", 32, "disclosures/_look_row.html", access.lookable_releases, _releases,
        "A colleague asks you to look before parts of a record leave.",
    ),
    Queue("releases", "Releases in preparation", 33, "disclosures/_look_row.html", access.open_releases, _releases),
    Queue("accountings", "Accountings due", 34, "disclosures/_accounting_row.html", access.open_accountings, _accountings),
    Queue("rights", "Requests by right", 35, "disclosures/_rights_row.html", access.open_rights, _rights),
)  # fmt: skip
