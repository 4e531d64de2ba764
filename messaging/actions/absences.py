"""Being away, and who covers. It opens nothing: whoever covers answers for the clients they have a grant on already."""

from __future__ import annotations

import datetime

from audit import clock, trail
from messaging import access
from messaging.models import Away
from practice.deadlines import end_of_day
from practice.models import User
from practice.profile import profile
from practice.refusals import Refused

LONGEST = datetime.timedelta(days=366)


def be_away(first: datetime.date, last: datetime.date, cover: User, *, by: User) -> Away:
    """``by`` is away from ``first`` to ``last``, and ``cover`` answers where they may. Raises Refused where that makes no sense."""
    today = clock.today()
    if not today <= first <= last <= today + LONGEST:
        raise Refused("", "The first day is today or later, and the last not before it, within a year.", "Choose such days.")
    if not access.covering_colleagues(by).filter(pk=cover.pk).exists():
        raise Refused("SE-10", "They are no counselor or supervisor here now.", "Choose somebody else.")
    zone = profile().zone
    begins, ends = datetime.datetime.combine(first, datetime.time(), tzinfo=zone), end_of_day(last, zone)
    if access.own_absences(by).filter(begins_at__lte=ends, ends_at__gte=begins).exists():
        raise Refused("", "You are away on some of these days already.", "End the other one first.")
    row = Away(person=by, cover=cover, begins_at=begins, ends_at=ends)
    row.save(force_insert=True)
    trail.change(row, "be_away")
    return row


def be_back(row: Away, *, by: User) -> None:
    """End it, before its last day or before it began."""
    if row.ended_at is None:
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        trail.change(row, "be_back")
