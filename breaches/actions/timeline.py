"""The incident's own timeline: one line more."""

from __future__ import annotations

import datetime

from audit import clock, trail
from breaches.models import Entry, Incident
from practice.models import User


def write(incident: Incident, kind: str, words: str, *, by: User, at: datetime.datetime | None = None) -> Entry:
    """One line of the incident's timeline, and one of the trail."""
    now = clock.now()
    row = Entry(incident=incident, kind=kind, by=by, at=at or now, written_at=now)
    row.words = words
    row.save(force_insert=True)
    trail.change(incident, f"incident_{kind}")
    return row
