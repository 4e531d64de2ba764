"""Calling those affected at once, where misuse is likely to come soon (BR-10)."""

from __future__ import annotations

import datetime

from audit import clock, trail
from breaches.access import own_suspicion
from breaches.models import Affected, Call
from practice.models import User
from practice.refusals import Refused


def note_call(row: Affected, caller: User, at: datetime.datetime, outcome: str, words: str, *, by: User) -> Call:
    """``caller`` called the client of ``row`` at that moment, with that outcome; or ``words`` say why nobody did.

    Raises Refused (BR-10) without a reason for not calling, for a moment to come, and where the caller may be the cause.
    """
    if outcome == Call.Outcome.NOT and not words.strip():
        raise Refused("BR-10", "Why nobody called is written down.", "Such as: no number is known, or a call would put them in danger.")
    if at > clock.now() + datetime.timedelta(minutes=5):
        raise Refused("BR-10", "That moment is still to come.", "Say when they were called.")
    if own_suspicion(row.incident, caller).exists() and caller.pk != by.pk:
        raise Refused("BR-10", "This person may be the cause, and sees nothing of it.", "Somebody else calls.")
    call = Call(incident=row.incident, client_id=row.client_id, caller=caller, at=at, outcome=Call.Outcome(outcome), recorded_by=by)
    call.words = words.strip()
    call.save(force_insert=True)
    trail.change(row.incident, "incident_called")
    return call
