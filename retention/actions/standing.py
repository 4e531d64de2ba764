"""What is eligible: counted by the job, put off by a person."""

from __future__ import annotations

import datetime

from audit import clock, doors, trail
from clients.models import Client
from practice.models import User
from practice.refusals import Refused
from retention import counting
from retention.models import Snooze

LONGEST = datetime.timedelta(days=3660)


def look() -> int:
    """Count every record that ended and was not counted lately, some in a transaction; returns how many are ripe. As system:retention."""
    with doors.system("retention"):
        idents = counting.due()
    ripe = 0
    for some in counting.chunks(idents):
        with doors.system("retention"):
            ripe += counting.look(some)
    return ripe


def snooze(client: Client, until: datetime.date, reason: str, *, by: User) -> Snooze:
    """Do not ask about this record before ``until``. Raises Refused for a day that is over or far off, and without a reason."""
    today = clock.today()
    if not today < until <= today + LONGEST:
        raise Refused("", "Choose a day after today, within ten years.", "For longer, place a hold.")
    if not reason.strip():
        raise Refused("", "Why it is put off is not said.", "One sentence is enough.")
    row = Snooze(client=client, until=until, reason=reason.strip(), by=by)
    row.save(force_insert=True)
    trail.change(row, "snooze")
    return row
