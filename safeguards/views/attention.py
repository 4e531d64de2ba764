"""The queues that this room brings to home."""

from __future__ import annotations

from django.db.models import QuerySet

from practice.attention import SHOWN, Queue, Rows
from practice.models import Practice, User
from safeguards import access
from safeguards.inventory import in_use
from safeguards.models import Device, Sanction, Training, Vendor
from safeguards.rules import courses


def _own(found: QuerySet[User]) -> Rows:
    return [{"person": row} for row in found]


def _trainings(found: QuerySet[Training]) -> Rows:
    rows = found.defer("given_by", "content", "about", "certificate")[:SHOWN]
    return [{"row": row, "course": courses().get(row.course)} for row in rows]


def _sanctions(found: QuerySet[Sanction]) -> Rows:
    return [{"row": row} for row in found.select_related(None).select_related("person").defer("violation", "action")[:SHOWN]]


def _vendors(found: QuerySet[Vendor]) -> Rows:
    return [{"vendor": row} for row in found.defer("services", "subcontractors", "ended_words")[:SHOWN]]


def _services(found: QuerySet[Practice]) -> Rows:
    return [{"titles": [service.title for service in in_use()]} for _ in found]


def _devices(found: QuerySet[Device]) -> Rows:
    return [{"device": row} for row in found[:SHOWN]]


QUEUES = (
    Queue(
        "training", "Your training", 9, "safeguards/_training_row.html", access.to_be_trained, _own,
        "It is missing, over or soon over. What you may open stays open; no further record is opened to you before it (SE-15).",
    ),
    Queue("attest", "Say that you were trained", 10, "safeguards/_attest_row.html", access.trainings_to_attest, _trainings),
    Queue("confirm", "Training to confirm", 81, "safeguards/_confirm_row.html", access.trainings_to_confirm, _trainings),
    Queue("sanctions", "Violations to decide", 75, "safeguards/_sanction_row.html", access.sanctions_to_decide, _sanctions),
    Queue("services", "Services outside without an agreement", 74, "safeguards/_service_row.html", access.unagreed_practice, _services),
    Queue("vendors", "Agreements that end or are missing", 82, "safeguards/_vendor_row.html", access.vendors_without, _vendors),
    Queue("devices", "Devices to look at", 83, "safeguards/_device_row.html", access.devices_to_look_at, _devices),
)  # fmt: skip
