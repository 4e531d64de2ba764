"""Restrictions that the practice agreed to: they bind every later release (RG-10, RG-11)."""

from __future__ import annotations

import datetime

from audit import clock, trail
from clients.models import Client
from consent.access import recipient_token
from disclosures.models import Restriction
from practice.models import User
from practice.refusals import Refused


def restrict(client: Client, *, recipient: str, words: str, agreed_on: datetime.date, paid_in_full: bool, by: User) -> Restriction:
    """From now on nothing goes to ``recipient`` for treatment, payment or operations. Raises Refused without a name or what was agreed."""
    if not recipient.strip() or not words.strip() or agreed_on > clock.today():
        raise Refused("RG-11", "From whom it is withheld, what was agreed and on which past day is written down.", "Fill that in.")
    row = Restriction(client=client, whom=recipient_token(recipient), paid_in_full=paid_in_full, agreed_on=agreed_on, recorded_by=by)
    row.recipient, row.words = recipient.strip(), words.strip()
    row.save(force_insert=True)
    trail.change(row, "restricted")
    return row


def end_restriction(row: Restriction, *, by: User) -> None:
    """It was agreed to end it. What the client paid for in full stays withheld: access offers none of those (RG-10)."""
    row.ended_at, row.ended_by = clock.now(), by
    row.save(update_fields=["ended_at", "ended_by"])
    trail.change(row, "restriction_ended")
