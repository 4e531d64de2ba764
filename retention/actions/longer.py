"""A payer or a promise wants a record kept longer: written down by whoever counsels or an admin, ended by an admin (RET-13)."""

from __future__ import annotations

import datetime

from audit import clock, trail
from clients.models import Client
from practice.models import User
from practice.refusals import Refused
from practice.roles import Role
from retention import payers
from retention.models import Longer


def keep_longer(client: Client, asks: str, why: str, *, by: User, day: datetime.date | None = None) -> Longer:
    """Keep the record of ``client`` longer. ``day``: until when it was promised, or when the payer's contract ended.

    Raises Refused for nobody known, a promise without a day to come, and without a word.
    """
    if asks not in payers.payers() and asks != payers.PROMISE:
        raise Refused("RET-13", "Who wants it kept longer is not said.", "Choose the payer, or “another day”.")
    if asks == payers.PROMISE and (day is None or day <= clock.today()):
        raise Refused("RET-13", "Until when it is to be kept is not said.", "Choose a day to come.")
    if not why.strip():
        raise Refused("RET-13", "Why it is kept longer is not said.", "One sentence: which contract, or what was promised to whom.")
    row = Longer(client=client, by=by)
    row.told = {"asks": asks, "day": day.isoformat() if day else None, "why": why.strip()}
    row.save(force_insert=True)
    trail.change(row, "keep_longer")
    return row


def end_longer(row: Longer, why: str, *, by: User) -> None:
    """``by``, a privacy officer, ends it and says why; the other periods stay. Raises Refused for anybody else, and once it ended."""
    if not by.holds(Role.ADMIN):
        raise Refused("RET-13", "A privacy officer ends this.", "Ask an admin.")
    if row.ended_at is not None:
        raise Refused("RET-13", "This ended already.", "Look at its line.")
    if not why.strip():
        raise Refused("RET-13", "Why it ends is not said.", "One sentence: what was wrong, or who says that it is over.")
    row.why, row.ended_by, row.ended_at = why.strip(), by, clock.now()
    row.save(update_fields=["why", "ended_by", "ended_at"])
    trail.change(row, "end_longer")
