"""An agency has its own disclosures kept out of the accounting for a time (ACC-7)."""

from __future__ import annotations

import datetime

from audit import clock, trail
from disclosures import law
from disclosures.models import Disclosure, Suspension
from practice.models import User
from practice.refusals import Refused

_NO_AGENCY = "Only a health oversight agency or a law enforcement official can ask for that."


def suspend(
    entry: Disclosure, *, official: str, words: str, written: bool, stated_on: datetime.date, until: datetime.date, by: User
) -> Suspension:
    """What was disclosed to the agency of ``entry`` is kept out of the accounting until that day, included. Raises Refused by ACC-7.

    A statement by word of mouth is written down, and holds for 30 days at most.
    """
    if entry.basis not in {basis.key for basis in law.bases().values() if basis.suspendable}:
        raise Refused("ACC-7", _NO_AGENCY, "Leave the entry in the accounting.")
    if not official.strip() or not words.strip():
        raise Refused("ACC-7", "Who said it, and what they said, is written down.", "Fill in both.")
    _require_days(written, stated_on, until)
    row = Suspension(client_id=entry.client_id, whom=entry.whom, written=written, stated_on=stated_on, until=until, recorded_by=by)
    row.agency, row.official, row.words = entry.recipient, official.strip(), words.strip()
    row.save(force_insert=True)
    trail.change(row, "suspended")
    return row


def _require_days(written: bool, stated_on: datetime.date, until: datetime.date) -> None:
    if stated_on > clock.today():
        raise Refused("ACC-7", "That day is still to come.", "Name the day on which it was said.")
    if until < stated_on:
        raise Refused("ACC-7", "It ends before it was said.", "Name the last day.")
    most = law.periods().oral_days
    if not written and (until - stated_on).days > most:
        raise Refused("ACC-7", f"Said by word of mouth it holds for {most} days at most.", "Ask for it in writing, for a named time.")


def end_suspension(row: Suspension, *, by: User) -> None:
    """It is over before its day: the entries are in the accounting again. Raises Refused by ACC-7 after that day."""
    if row.until < clock.today():
        raise Refused("ACC-7", f"It ended by itself on {row.until:%-d %b %Y}.", "Nothing has to be done.")
    row.ended_at, row.ended_by = clock.now(), by
    row.save(update_fields=["ended_at", "ended_by"])
    trail.change(row, "suspension_ended")
