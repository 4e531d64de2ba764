"""Planning a session, changing it, and whether it took place. Each leaves its line in the transaction of its change."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from audit import clock, trail
from clients.models import Client
from consent import actions as consent
from consent.requirements import Meeting, require, require_recording
from practice.models import User
from practice.refusals import Refused
from records.access import notable_sessions
from records.models import Note, Session, Setting
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
    outcome: str = Session.Outcome.PLANNED,
    crisis: bool = False,
    recorded: bool = False,
    without: str = "",
) -> Session:
    """A session of ``client`` with ``by``; times are aware. ``participants`` are members of the unit who come: each gets
    a row of their own within it, in their own record, that names nobody (IC-34).

    ``ident`` is the id the form was given, so that a form sent twice plans one session. ``without`` is the reason why it is held though
    a consent is missing. Raises Refused for an archived client, and Unmet where it takes place without a consent (IC-23).
    """
    already = Session.objects.filter(pk=ident, counselor=by, client=client).first() if ident else None
    if already:
        return already
    if client.status == Client.Status.ARCHIVED:
        raise Refused("", "This client is archived, and the work with them has ended.", "Reopen the client first.")
    setting = Setting(client.kind) if client.is_unit else Setting.INDIVIDUAL
    session = Session(client=client, counselor=by, starts_at=starts_at, ends_at=ends_at, modality=modality, place=place, setting=setting)
    session.crisis, session.recorded = crisis, recorded
    _require(session, outcome, without)
    insert(session, ident)
    for person in participants:
        _add_row(session, person)
    touch(client)
    trail.change(session, "plan_session")
    return session


_FOLLOWS = ("starts_at", "ends_at", "modality", "outcome", "crisis", "recorded")  # what a person's row has from the unit's session


def _add_row(session: Session, person: Client) -> None:
    facts = {name: getattr(session, name) for name in _FOLLOWS}
    about = {"counselor_id": session.counselor_id, "setting": session.setting, "unit_id": session.client_id}
    row = Session(client=person, within=session, place=None, **about, **facts)
    row.save(force_insert=True)
    touch(person)
    trail.change(row, "plan_session")


def _follow(session: Session, verb: str) -> None:
    """The rows of those who were there say what the unit's session says; each record has a line of it."""
    rows = list(session.rows.all())
    session.rows.update(**{name: getattr(session, name) for name in _FOLLOWS})
    for row in rows:
        trail.change(row, verb)


def _set_participants(session: Session, people: Iterable[Client], by: User) -> None:
    """Only rows in records that ``by`` may write in are theirs to take off; the others stay."""
    rows = {row.client_id: row for row in notable_sessions(by).filter(within=session.pk)}
    wanted = {person.pk: person for person in people}
    for ident, row in rows.items():
        if ident not in wanted:
            _take_off(row)
    for ident, person in wanted.items():
        if ident not in rows:
            _add_row(session, person)


def _take_off(row: Session) -> None:
    if row.notes.exists():
        raise Refused(
            "REC-5", "Somebody you took off has a part of this session already, if only as a draft.", "Leave them in the session."
        )
    trail.change(row, "leave_session")
    row.delete()


def _refuse_row(session: Session) -> None:
    if session.within_id:
        raise Refused("IC-34", "This is one person's row of a session with several.", "Change the session itself; every row follows.")


def change_session(session: Session, *, by: User, participants: Iterable[Client] | None = None, without: str = "", **values: Any) -> None:
    """Change time, modality, place or outcome of a session, and who was there; None leaves the participants as they are.

    Raises Refused by REC-5 once a note of the session is signed: what it tells of the session was signed with it; and Unmet where,
    as it is now, it takes place without a consent.
    """
    _refuse_row(session)
    if is_signed_for(session):
        raise Refused("REC-5", "A note of this session is signed, and these facts with it. Correct them in an addendum to that note.")
    for name in ("starts_at", "ends_at", "modality", "place", "outcome", "crisis", "recorded"):
        if name in values:
            setattr(session, name, values[name])
    _require(session, session.outcome, without)
    session.save()
    if participants is not None:
        _set_participants(session, participants, by)
    _follow(session, "change_session")
    trail.change(session, "change_session")


def is_signed_for(session: Session) -> bool:
    """Whether a note of ``session`` is signed, or a person's part of it, so that the session's facts are final."""
    whole = session.within_id or session.pk
    signed = Note.objects.filter(Q(session=whole) | Q(session__within=whole) | Q(session=session.pk), signed_at__isnull=False)
    return signed.exists()


def record_outcome(session: Session, outcome: str, *, by: User) -> None:
    """Attended, cancelled in time or late, or did not come. Raises Refused before the session began, or once it is signed for (REC-5);
    and Unmet where it took place without a consent (IC-23)."""
    _refuse_row(session)
    if outcome in _AFTER_IT_BEGAN and session.starts_at > clock.now():
        raise Refused("REC-5", "This session has not begun yet. Record afterwards whether it took place.")
    if outcome == Session.Outcome.ATTENDED:
        require_consent(session)
    if session.outcome not in (Session.Outcome.PLANNED, outcome) and is_signed_for(session):
        raise Refused("REC-5", "A note of this session is signed. Correct the outcome in an addendum to that note.")
    session.outcome = Session.Outcome(outcome)
    session.save(update_fields=["outcome"])
    _follow(session, f"outcome_{outcome}")
    trail.change(session, f"outcome_{outcome}")


def require_consent(session: Session, *, without: str = "") -> None:
    """Raise Unmet unless everything is there that ``session`` needs to take place, or ``without`` says why it is held all the same."""
    meeting = meeting_of(session)
    if without.strip():
        consent.hold_without(meeting, by=session.counselor, reason=without)
    require(meeting)


def meeting_of(session: Session) -> Meeting:
    """``session`` as the room of consents is asked about it: of a person's row, the session of the unit that they were in."""
    session = session.within or session
    kept = None if session._state.adding else session.pk
    return Meeting(session.client, session.counselor, session.modality, session.starts_at, session.crisis, session.recorded, kept)


def hold_without(session: Session, *, by: User, reason: str) -> None:
    """Hold ``session`` though a consent is missing, for ``reason``; somebody else reviews it. Raises Refused as consent.hold_without."""
    consent.hold_without(meeting_of(session), by=by, reason=reason)
    trail.change(session, "hold_without")


def _require(session: Session, outcome: str, without: str) -> None:
    """Booking ahead is free, with a warning on the session's page; but recording is not even planned without its permission."""
    if _takes_place(session, outcome):
        require_consent(session, without=without)
    elif session.recorded:
        require_recording(meeting_of(session))


def _takes_place(session: Session, outcome: str) -> bool:
    """Whether a session with this outcome is held, or is being held."""
    return outcome in (Session.Outcome.PLANNED, Session.Outcome.ATTENDED) and session.starts_at <= clock.now()


_AFTER_IT_BEGAN = (Session.Outcome.ATTENDED, Session.Outcome.ABSENT)
