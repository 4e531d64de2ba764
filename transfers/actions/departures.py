"""Somebody leaves: begun by an admin, ended when nothing is left, or what is left is named (RET-26, SE-11)."""

from __future__ import annotations

import datetime

from audit import clock, trail
from practice.actions import outbox, staff
from practice.actions.credentials import site_link
from practice.deadlines import end_of_day
from practice.models import User
from practice.profile import profile
from practice.refusals import Refused
from transfers.leaving import how_many
from transfers.models import Departure

SUBJECT = "Something waits for you"
BODY = "A list of what is left to do waits for you. Please sign in:\n\n{url}\n"


def begin(person: User, last_day: datetime.date, *, by: User) -> Departure:
    """``person`` leaves after ``last_day``: from now on they and the admins see what is left. Access does not change by it.

    Raises Refused for oneself, a day that is over, somebody who left, and where it is under way already.
    """
    if person.pk == by.pk:
        raise Refused("SE-10", "Nobody prepares their own leaving.", "Ask another admin.")
    if person.has_left or last_day < clock.today():
        raise Refused("SE-11", "That day is over, or this person has left.", "Choose today or a day to come.")
    if Departure.objects.filter(person=person, ended_at=None).exists():
        raise Refused("", "Their leaving is under way already.", "Look at its page.")
    row = Departure(person=person, last_day=last_day, begun_by=by)
    row.save(force_insert=True)
    trail.change(row, "begin_departure")
    outbox.queue("leaving", person.email, SUBJECT, BODY.format(url=site_link("home")))
    return row


def call_off(row: Departure, *, by: User) -> None:
    """They stay. Raises Refused once it ended."""
    _require_open(row)
    _close(row, by, called_off=True)


def end(row: Departure, left_words: str = "", *, by: User) -> None:
    """End the account with the last day (now, where that is over). Raises Refused by RET-26 while something is left that nobody named."""
    _require_open(row)
    if row.person_id == by.pk:
        raise Refused("SE-10", "Nobody ends their own account here.", "Ask another admin.")
    row.left = how_many(row.person)
    if row.left and not left_words.strip():
        raise Refused("RET-26", f"{row.left} things are left.", "Settle them, or name what is left, who sees to it and why it cannot wait.")
    row.left_words = left_words.strip() if row.left else ""
    staff.leave(row.person, end_of_day(row.last_day, profile().zone), by=by, settled=True)
    _close(row, by)


def _require_open(row: Departure) -> None:
    if not row.is_open:
        raise Refused("", "This is over.", "")


def _close(row: Departure, by: User, *, called_off: bool = False) -> None:
    row.ended_by, row.ended_at, row.called_off = by, clock.now(), called_off
    row.save(update_fields=["ended_by", "ended_at", "called_off", "left", "left_words"])
    trail.change(row, "call_off_departure" if called_off else "end_departure")


def require_settled(person: User) -> None:
    """Raises Refused by RET-26 where ``person`` leaves something behind: their leaving is prepared first."""
    if left := how_many(person):
        words = f"{left} things would be left behind: clients, notes, or what waits for them."
        raise Refused("RET-26", words, "Prepare the leaving: it shows each. An account that must be closed at once is suspended.")
