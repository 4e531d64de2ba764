"""Sanctions: a violation is recorded, and one who is not concerned decides; no incident of the workforce ends without (SE-14)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import CharField, Func, Value

from audit import clock, trail
from breaches.actions import Ending
from breaches.models import Closing, Incident
from practice.models import Practice, User
from practice.refusals import Refused
from safeguards.models import Sanction


@dataclass(frozen=True)
class Charge:
    """What somebody did, when, and in which incident, if it was one."""

    violation: str
    happened_on: datetime.date
    incident: Incident | None = None


def record_sanction(person: User, charge: Charge, *, by: User) -> Sanction:
    """A violation by ``person``, to be decided. Raises Refused without words, for a day to come, and for oneself."""
    if person.pk == by.pk:
        raise Refused("SE-14", "Nobody keeps the record of their own violation.", "Another admin does.")
    if not charge.violation.strip():
        raise Refused("SE-14", "What was violated is written down.", "One sentence is enough, without any client's name.")
    if charge.happened_on > clock.today():
        raise Refused("SE-14", "That day is still to come.", "Say on which day it happened.")
    row = Sanction(person=person, happened_on=charge.happened_on, incident=charge.incident, recorded_by=by)
    row.violation = charge.violation.strip()
    row.save(force_insert=True)
    trail.change(row, "record_sanction")
    return row


def decide_sanction(row: Sanction, decision: str, action: str, *, by: User) -> None:
    """What comes of it; final, and from now on the person reads it. Raises Refused for oneself, without a reason, and twice."""
    if row.person_id == by.pk:
        raise Refused("SE-14", "Nobody decides about themself.", "Another admin does.")
    if row.decided_at:
        raise Refused("SE-14", "This was decided, and a decision is final.", "Record what is new as a violation of its own.")
    if not action.strip():
        raise Refused("SE-14", "What is done, and why, is written down.", "One sentence is enough.")
    row.decision, row.action = Sanction.Decision(decision), action.strip()
    row.decided_by, row.decided_at = by, clock.now()
    row.save(update_fields=["decision", "action", "decided_by", "decided_at"])
    trail.change(row, "decide_sanction")


def _standing(incident: Incident) -> str:
    """ "none", "open" or "decided": asked of the database, for whoever closes an incident may see no sanction."""
    asked = Func(Value(incident.pk), function="safeguards_sanctioned", output_field=CharField())
    found: str = Practice.objects.values_list(asked, flat=True).get()
    return found


def require_sanction(incident: Incident, said: Ending, by: User) -> list[Refused]:
    """An incident in which somebody of the workforce was at fault ends with a decision about them, and with none that waits."""
    if incident.drill:
        return []
    found = _standing(incident)
    if found == "open":
        return [
            Refused("SE-14", "A sanction because of this incident is not decided.", "Decide it under Sanctions, then close the incident.")
        ]
    if found == "none" and said.sanction != Closing.Sanction.NONE:
        words = "Somebody who works here was at fault, and no decision about them is recorded."
        return [Refused("SE-14", words, "Record it under Sanctions and decide it there, also where no sanction follows.")]
    return []
