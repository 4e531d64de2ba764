"""A hold is placed, and released by a privacy officer (RET-22)."""

from __future__ import annotations

import datetime

from audit import clock, trail
from clients.models import Client
from practice.models import User
from practice.refusals import Refused
from practice.roles import Role
from retention.models import Hold


def place(client: Client | None, ground: str, reason: str, *, by: User, since: datetime.date | None = None) -> Hold:
    """Keep the record of ``client``, or every record of the practice (None), whatever its day: nothing of it is destroyed from now on.

    Raises Refused without a reason, for a day to come, and for all records by anybody but an admin.
    """
    today = clock.today()
    if not reason.strip():
        raise Refused("RET-22", "Why the record is held is not said.", "One sentence: who asked, or what may come.")
    if since and since > today:
        raise Refused("RET-22", "A hold begins today or began before.", "Choose the day on which you learned of it.")
    if client is None and not by.holds(Role.ADMIN):
        raise Refused("SE-10", "An admin holds all records.", "Ask an admin, or hold one client's record.")
    hold = Hold(client=client, ground=ground, reason=reason.strip(), since=since or today, placed_by=by)
    hold.save(force_insert=True)
    trail.change(hold, "place_hold")
    return hold


def release(hold: Hold, reason: str, *, by: User) -> None:
    """``by``, a privacy officer, lets go, and says why. Raises Refused for anybody else, without a word, and once it is released."""
    if not by.holds(Role.ADMIN):
        raise Refused("RET-22", "A privacy officer releases a hold.", "Ask an admin.")
    if not hold.is_open:
        raise Refused("RET-22", "This hold is released already.", "Look at its line.")
    if not reason.strip():
        raise Refused("RET-22", "Why it is released is not said.", "One sentence: what is over, and who says so.")
    hold.release, hold.released_by, hold.released_at = reason.strip(), by, clock.now()
    hold.save(update_fields=["release", "released_by", "released_at"])
    trail.change(hold, "release_hold")
