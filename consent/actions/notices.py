"""The notice of privacy practices: that it reached a client and was acknowledged, or what was tried (NPP-1, NPP-2, NPP-3)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from audit import clock, trail
from clients.models import Client
from consent.models import Form, NoticeDelivery, Request, Version
from practice.models import User
from practice.refusals import Refused

Status = NoticeDelivery.Status


@dataclass(frozen=True)
class Delivery:
    """How a notice reached the client (``status``, ``method``), or what was tried and why it did not; ``at`` is aware, never ahead."""

    status: str
    method: str = ""
    effort: str = ""
    reason: str = ""
    at: datetime.datetime | None = None


def deliver_notice(wording: Version, clients: Iterable[UUID], *, by: User) -> None:
    """``by`` opened the notice in the portal: it has reached each of ``clients`` for whom they sign. Noted once a wording."""
    reached = set(NoticeDelivery.objects.filter(wording=wording, client__in=[*clients]).values_list("client_id", flat=True))
    for client in sorted({*clients} - reached):
        _record(wording, client, NoticeDelivery.Status.DELIVERED, by, NoticeDelivery.Method.PORTAL)


def acknowledge_notice(request: Request, *, by: User, in_person: bool) -> None:
    """The notice that ``request`` shows was signed: that is its written acknowledgment. Anything but a notice passes unnoticed."""
    if request.wording.form.kind == Form.Kind.NOTICE:
        method = NoticeDelivery.Method.PAPER if in_person else NoticeDelivery.Method.PORTAL
        _record(request.wording, request.client_id, NoticeDelivery.Status.ACKNOWLEDGED, by, method)


def _record(wording: Version, client: UUID, status: str, by: User, method: str) -> None:
    row = NoticeDelivery(client_id=client, wording=wording, status=status, method=method, recorded_by=by)
    row.save(force_insert=True)
    trail.change(row, f"notice_{status}")


def record_notice(client: Client, version: Version, delivery: Delivery, *, by: User) -> NoticeDelivery:
    """Record what came of delivering ``version``, a notice in force, to ``client``.

    Raises Refused: NPP-1 for another kind of form or without a way, NPP-2 for an effort or a reason left out, NPP-3 for an emergency
    that nobody describes.
    """
    if version.form.kind != Form.Kind.NOTICE or version.state == Version.State.DRAFT:
        raise Refused("NPP-1", "That is no notice of privacy practices that was in force.", "Choose the notice that the client was given.")
    _require_told(delivery)
    row = NoticeDelivery(client_id=client.pk, wording=version, status=delivery.status, method=delivery.method, recorded_by=by)
    row.effort, row.reason, row.at = delivery.effort.strip(), delivery.reason.strip(), delivery.at or clock.now()
    row.save(force_insert=True)
    trail.change(row, f"notice_{delivery.status}")
    return row


def _require_told(delivery: Delivery) -> None:
    if delivery.status in (Status.DELIVERED, Status.ACKNOWLEDGED) and not delivery.method:
        raise Refused("NPP-1", "It is not said how the notice reached the client.", "Choose the way.")
    if delivery.status == Status.REFUSED and not (delivery.effort.strip() and delivery.reason.strip()):
        raise Refused(
            "NPP-2", "Where no acknowledgment was obtained, what you tried and why it failed are both written down.", "Fill in both."
        )
    if delivery.status == Status.EMERGENCY and not delivery.reason.strip():
        raise Refused("NPP-3", "It is not said what the emergency was.", "Write it down, and deliver the notice as soon as you can.")
    if delivery.at and delivery.at > clock.now():
        raise Refused("NPP-1", "That day has not come yet.", "Record the delivery once it has happened.")
