"""Planning a session, changing it, and whether it took place. Each leaves its line in the transaction of its change."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from audit import clock, trail
from clients.models import Client
from practice.models import User
from practice.refusals import Refused
from records.models import Participant, Session
from records.rows import insert, touch


def plan_session(
    client: Client,
    *,
    by: User,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    modality: str,
    place: str = "",
    participants: Iterable[Client] = (),
    ident: UUID | None = None,
) -> Session:
    """A session of ``client`` with ``by``; times are aware. ``participants`` are members of the unit who come.

    ``ident`` is the id the form was given, so that a form sent twice plans one session. Raises Refused for an archived client.
    """
    already = Session.objects.filter(pk=ident, counselor=by, client=client).first() if ident else None
    if already:
        return already
    if client.status == Client.Status.ARCHIVED:
        raise Refused("", "This client is archived, and the work with them has ended.", "Reopen the client first.")
    session = Session(client=client, counselor=by, starts_at=starts_at, ends_at=ends_at, modality=modality, place=place)
    insert(session, ident)
    Participant.objects.bulk_create([Participant(session=session, client=person) for person in participants])
    touch(client)
    trail.change(session, "plan_session")
    return session


def change_session(session: Session, *, by: User, participants: Iterable[Client] | None = None, **values: Any) -> None:
    """Change time, modality, place or outcome of a session, and who was there; None leaves the participants as they are.

    Raises Refused by REC-5 once a note of the session is signed: what it tells of the session was signed with it.
    """
    if is_signed_for(session):
        raise Refused("REC-5", "A note of this session is signed, and these facts with it. Correct them in an addendum to that note.")
    for name in ("starts_at", "ends_at", "modality", "place", "outcome"):
        if name in values:
            setattr(session, name, values[name])
    session.save()
    if participants is not None:
        session.participants.all().delete()
        Participant.objects.bulk_create([Participant(session=session, client=person) for person in participants])
    trail.change(session, "change_session")


def is_signed_for(session: Session) -> bool:
    """Whether a note of ``session`` is signed, so that the session's facts are final."""
    return session.notes.filter(signed_at__isnull=False).exists()


def record_outcome(session: Session, outcome: str, *, by: User) -> None:
    """Attended, cancelled in time or late, or did not come. Raises Refused before the session began, or once it is signed for (REC-5)."""
    if outcome in _AFTER_IT_BEGAN and session.starts_at > clock.now():
        raise Refused("REC-5", "This session has not begun yet. Record afterwards whether it took place.")
    if session.outcome not in (Session.Outcome.PLANNED, outcome) and is_signed_for(session):
        raise Refused("REC-5", "A note of this session is signed. Correct the outcome in an addendum to that note.")
    session.outcome = Session.Outcome(outcome)
    session.save(update_fields=["outcome"])
    trail.change(session, f"outcome_{outcome}")


_AFTER_IT_BEGAN = (Session.Outcome.ATTENDED, Session.Outcome.ABSENT)
