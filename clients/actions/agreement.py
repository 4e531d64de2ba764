"""Recording what a couple, family or group agreed about its record (IC-33)."""

from __future__ import annotations

import datetime

from audit import trail
from clients.models import Client, UnitAgreement
from practice.models import User
from practice.refusals import Refused


def record_agreement(
    unit: Client, *, by: User, who_is_client: str, secrets: str, how: str, shared_into_records: bool, since: datetime.date
) -> UnitAgreement:
    """What the members of ``unit`` agreed, from ``since`` on; the ones before stay as they are. Raises Refused for one person."""
    if not unit.is_unit:
        raise Refused("IC-33", "Only a couple, family or group has such an agreement: one person is the client, and nobody else.")
    agreement = UnitAgreement(
        client=unit, who_is_client=who_is_client, secrets=secrets, how=how, shared_into_records=shared_into_records, since=since,
        recorded_by=by,
    )  # fmt: skip
    agreement.save(force_insert=True)
    trail.change(agreement, "record_agreement")
    return agreement
