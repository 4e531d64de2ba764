"""The assessment: saved as often as it changes, lowered only with everything it needs and by a second person (BR-1 to BR-4, SU-7)."""

from __future__ import annotations

from typing import Any

from audit import clock, trail
from breaches.access import sole_officer
from breaches.assessing import gaps
from breaches.models import Assessment, Entry, Incident
from breaches.standing import current
from practice.models import User
from practice.refusals import Refused

from .clocks import rework
from .timeline import write


def assess(incident: Incident, *, by: User, **found: Any) -> Assessment:
    """Save what was found, as a row of its own; the newest counts. Raises Refused where the conclusion lacks what it needs.

    What lowers the incident counts once somebody else approved it; until then it is presumed a breach (BR-1).
    """
    row = Assessment(incident=incident, made_by=by)
    for name, value in found.items():
        setattr(row, name, value)
    for refusal in gaps(row):
        raise refusal
    row.save(force_insert=True)
    trail.change(incident, "incident_assessed")
    write(incident, Entry.Kind.FACT, f"Assessed: {row.get_conclusion_display()}{' (waits for a second)' if row.lowers else ''}.", by=by)
    rework(incident, f"assessed: {row.get_conclusion_display()}"[:120], by=by)
    return row


def approve(assessment: Assessment, *, by: User) -> None:
    """``by`` agrees that it is no breach. Raises Refused (BR-1) for one's own while there is another officer, and for what was overtaken.

    The only officer approves with the consultation of somebody outside on record; it is kept as approved by themself (invariant 8).
    """
    incident = assessment.incident
    if assessment.made_by_id == by.pk and not sole_officer(by):
        raise Refused("BR-1", "Nobody approves their own assessment.", "Another privacy officer does.")
    if assessment.made_by_id == by.pk and assessment.consulted_on is None:
        raise Refused("SU-7", "You are the only officer: somebody outside is consulted first.", "Ask a peer or counsel, and record it.")
    newest = current(incident)
    if newest is None or newest.pk != assessment.pk or not assessment.lowers or assessment.approved_at:
        raise Refused("BR-1", "This assessment is not the one that waits.", "Look at the newest one.")
    Assessment.objects.filter(pk=assessment.pk).update(approved_by=by, approved_at=clock.now())
    trail.change(incident, "incident_approved")
    write(incident, Entry.Kind.FACT, f"Approved: {assessment.get_conclusion_display()}.", by=by)
    rework(incident, f"approved: {assessment.get_conclusion_display()}"[:120], by=by)
