"""Agreements and meetings for the tests of this room."""

from __future__ import annotations

import datetime
from typing import Any

from audit import clock
from practice.models import User
from supervision.actions import agreements, meetings
from supervision.models import Agreement, Meeting
from tests.cast import acting

TOPICS = "We talked about the saffron lantern."
CONCERN = "The cobalt ladder worries me."


def terms(**other: Any) -> agreements.Terms:
    """Terms from ten days ago for a year, for Texas."""
    today = clock.today()
    days: dict[str, Any] = {"since": today - datetime.timedelta(days=10), "until": today + datetime.timedelta(days=355)}
    licence: dict[str, Any] = {"licence_number": "70412", "licence_state": "TX"}
    licence |= {"licence_from": datetime.date(2015, 1, 1), "licence_until": datetime.date(2035, 1, 1)}
    words = {"cover": "The amber pager", "fees": "Nothing is paid."}
    return agreements.Terms(**{"board": "tx_lpc", "formats": ["individual", "group"]} | days | licence | words | other)


def sign(row: Agreement, user: User) -> None:
    """``user`` signs ``row``."""
    with acting(user):
        found = Agreement.objects.get(pk=row.pk)
        agreements.sign(found, by=user, shown=agreements.shown_hash(found).hex())


def agreed(supervisor: User, supervisee: User, **other: Any) -> Agreement:
    """An agreement that both signed."""
    with acting(supervisor):
        row = agreements.prepare(supervisor, supervisee, terms(**other), by=supervisor)
    sign(row, supervisor)
    sign(row, supervisee)
    with acting(supervisor):
        return Agreement.objects.get(pk=row.pk)


def facts(days: int = 1, minutes: int = 60, kind: str = "individual") -> meetings.Facts:
    """A meeting some days ago."""
    start = (clock.now() - datetime.timedelta(days=days)).replace(second=0, microsecond=0)
    return meetings.Facts(start, start + datetime.timedelta(minutes=minutes), kind, "room")


def met(row: Agreement, *more: Agreement, days: int = 1, kind: str = "individual", minutes: int = 60, signed: bool = True) -> Meeting:
    """A meeting of ``row`` written by its supervisor, with words, signed by all."""
    by = row.supervisor
    with acting(by):
        meeting = meetings.begin([row, *more], facts(days, minutes, kind), by=by)
        parts = list(meeting.parts.order_by("pk"))
        said = meetings.Said(TOPICS, {part.pk: {"directives": "Read on.", "follow_up": "", "concerns": CONCERN} for part in parts}, {})
        meetings.save_meeting(meeting, facts_of(meeting), said, by=by, version=meeting.version)
    for person in (by, *(each.supervisee for each in (row, *more))) if signed else ():
        signed_by(meeting, person)
    return meeting


def facts_of(meeting: Meeting) -> meetings.Facts:
    """The facts as they stand."""
    return meetings.Facts(meeting.starts_at, meeting.ends_at, meeting.kind, meeting.medium)


def signed_by(meeting: Meeting, person: User) -> None:
    """``person`` signs ``meeting``."""
    with acting(person):
        found = Meeting.objects.get(pk=meeting.pk)
        meetings.sign(found, by=person, shown=meetings.seen_hash(found, by=person).hex())
