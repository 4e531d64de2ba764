"""The queues that this room brings to home."""

from __future__ import annotations

from django.db.models import QuerySet

from audit.doors import shown
from disclosures import access
from disclosures.models import AccountingRequest, Release, RightsRequest
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


QUEUES = (
    Queue(
        "releases-look", "Releases to look at", 32, "disclosures/_look_row.html", access.lookable_releases, _releases,
        "A colleague asks you to look before parts of a record leave.",
    ),
    Queue("releases", "Releases in preparation", 33, "disclosures/_look_row.html", access.open_releases, _releases),
    Queue("accountings", "Accountings due", 34, "disclosures/_accounting_row.html", access.open_accountings, _accountings),
    Queue("rights", "Requests by right", 35, "disclosures/_rights_row.html", access.open_rights, _rights),
)  # fmt: skip
