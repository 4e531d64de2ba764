"""Keeping representatives out of the portal: one of them for the client's safety, or all because the minor consents alone."""

from __future__ import annotations

from audit import clock, trail
from clients.age import may_consent_alone
from clients.models import Client, ProxyRefusal, Representative
from practice.models import User
from practice.refusals import Refused

from .portal_access import redate, refusals

Ground = ProxyRefusal.Ground


def refuse_representative(person: Representative, *, by: User, reason: str) -> ProxyRefusal:
    """Treat ``person`` as no representative, by professional judgment: abuse, neglect or danger is believed, or it is not in the client's
    interest. What they see in the portal closes at once. Raises Refused without a rationale (RG-13).
    """
    if not reason.strip():
        raise Refused(
            "RG-13", "A representative is refused for reasons, and they are written down.", "Say what you know and how you weighed it."
        )
    return _refuse(person.client, person, Ground.HARM, by, reason)


def let_minor_consent_alone(client: Client, *, by: User, reason: str) -> ProxyRefusal:
    """``client``, a minor, holds the rights alone for this counseling: the portal closes to everybody who represents them.

    Raises Refused where the law of the practice's states, the minor's age or the practice's own choice does not allow it (IC-31).
    """
    if not may_consent_alone(client):
        words = "The law of the practice's states as it is on file, the client's age, or the practice's own choice does not allow it."
        raise Refused("IC-31", words, "Ask a guardian to consent; an admin keeps the choice and the states in the practice profile.")
    return _refuse(client, None, Ground.ALONE, by, reason)


def _refuse(client: Client, person: Representative | None, ground: Ground, by: User, reason: str) -> ProxyRefusal:
    if former := refusals(client).filter(representative=person).first():
        return former
    row = ProxyRefusal(client=client, representative=person, ground=ground, reason=reason.strip(), decided_by=by)
    row.save(force_insert=True)
    trail.change(row, "refuse_representative" if person else "minor_alone")
    redate(client)
    return row


def lift_refusal(row: ProxyRefusal, *, by: User) -> None:
    """The refusal ends; what it closed is opened by a new invitation only."""
    if row.lifted_at is None:
        row.lifted_at, row.lifted_by = clock.now(), by
        row.save(update_fields=["lifted_at", "lifted_by"])
        trail.change(row, "lift_refusal")
