"""What a review escalated becomes an incident with one press; whoever it is about does not see it."""

from __future__ import annotations

from typing import Any

from audit import clock
from breaches.access import kept_incidents, sole_officer
from breaches.models import Affected, Incident
from clients.models import BreakGlass
from paper.actions import Loss
from practice.models import User
from review.models import Signal
from review.rules import rules

from .incidents import PAPER, report


def incident_of_signal(signal: Signal, *, by: User) -> Incident:
    """The incident of an escalated signal. It was there to be known from the day on which the rules noticed it (BR-5)."""
    rule = rules().get(signal.rule)
    what = f"{rule.title if rule else signal.rule}. {signal.decision.finding}"
    row = _opened(what, signal.person, signal.noticed_at, ("signal", signal.pk), by)
    return _concerning(row, signal.client_id)


def incident_of_emergency(glass: BreakGlass, *, by: User) -> Incident:
    """The incident of an opening in an emergency that its review would not let stand."""
    what = f"A record was opened in an emergency, and the review opens an incident. {glass.review.findings}"
    row = _opened(what, glass.user, glass.review.reviewed_at, ("emergency", glass.pk), by)
    return _concerning(row, glass.client_id)


def incident_of_lost_paper(loss: Loss, by: User) -> None:
    """Lost paper is presumed a breach: it cannot be secured but by destruction (PA-4). Whoever looks after it adds whose it was.

    Its source is the way out it did not come back from, which is one row: paper found again may be lost again.
    """
    what = f"A paper file is lost: label {loss.file.label}."
    what += " Nobody brought it back within three days, and the house opened this by itself." if loss.unasked else ""
    source = (PAPER, loss.checkout.pk if loss.checkout else None)
    row = report(what, by=by, noticed_at=clock.now(), going_on=Incident.GoingOn.UNKNOWN, source=source, unasked=loss.unasked)
    if kept_incidents(by).filter(pk=row.pk).exists():
        _concerning(row, loss.file.client_id)


def _opened(what: str, person: User, at: object, source: tuple[str, object], by: User) -> Incident:
    suspects = [] if person.pk == by.pk and not sole_officer(by) else [person]
    return report(what, by=by, noticed_at=at, going_on=Incident.GoingOn.UNKNOWN, suspects=suspects, source=source)  # type: ignore[arg-type]  # a moment and an id


def _concerning(incident: Incident, client: Any) -> Incident:
    if client:
        Affected(incident=incident, client_id=client, source=Affected.Source.TRAIL).save(force_insert=True)
    return incident
