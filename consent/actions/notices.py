"""The notice of privacy practices reaches a client in the portal, and is acknowledged by a signature (NPP-1, NPP-2)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from audit import trail
from consent.models import Form, NoticeDelivery, Request, Version
from practice.models import User


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
