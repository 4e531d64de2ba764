"""Training: recorded, attested by who was trained, confirmed by somebody else; and asked for before a record is opened (SE-15)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from audit import clock, trail
from practice.files import LONGEST_NAME, cleaned
from practice.models import User
from practice.refusals import Refused
from review.actions import is_solo
from safeguards import access
from safeguards.models import Training
from safeguards.rules import courses, expires_on

File = tuple[str, bytes]  # a name, and its bytes


@dataclass(frozen=True)
class Lesson:
    """In what somebody was trained, on which day, by whom, and what was covered."""

    course: str
    held_on: datetime.date
    given_by: str
    content: str = ""
    file: File | None = None


def record_training(person: User, lesson: Lesson, *, by: User) -> Training:
    """``person`` was trained. Said by themself they attest it, and somebody else confirms; said by another it is the other way round.

    Alone in a practice one does both, and it says so. Raises Refused for a day to come, and without who gave it.
    """
    if lesson.held_on > clock.today():
        raise Refused("SE-15", "That day is still to come.", "Record it once it was held.")
    if not lesson.given_by.strip():
        raise Refused("SE-15", "Who gave the training is written down.", "A person, a school, or the name of the course is enough.")
    course = courses()[lesson.course]
    row = Training(person=person, course=course.id, held_on=lesson.held_on, recorded_by=by, expires_on=expires_on(course, lesson.held_on))
    row.given_by, row.content = lesson.given_by.strip(), lesson.content.strip() or course.content
    if lesson.file:
        row.about, row.certificate = _kept(*lesson.file)
    _say(row, by, attests=person.pk == by.pk, confirms=person.pk != by.pk or is_solo())
    row.save(force_insert=True)
    trail.change(row, "record_training")
    return row


def _kept(name: str, raw: bytes) -> tuple[dict[str, object], bytes]:
    clean = cleaned(name, raw)
    return {"name": name[-LONGEST_NAME:], "sort": clean.sort.key, "size": len(clean.content)}, clean.content


def _say(row: Training, by: User, *, attests: bool, confirms: bool) -> None:
    now = clock.now()
    if attests:
        row.attested_by, row.attested_at = by, now
    if confirms:
        row.confirmed_by, row.confirmed_at, row.alone = by, now, row.person_id == by.pk


def attest_training(row: Training, *, by: User) -> None:
    """``by`` was there. Raises Refused for anybody else, and twice."""
    if row.person_id != by.pk or row.attested_at:
        raise Refused("SE-15", "Only who was trained says so, and once.", "")
    _say(row, by, attests=True, confirms=False)
    row.save(update_fields=["attested_by", "attested_at"])
    trail.change(row, "attest_training")


def confirm_training(row: Training, *, by: User) -> None:
    """``by`` knows that they were trained. Raises Refused for one's own, before the person says so, and twice."""
    if row.person_id == by.pk and not is_solo():
        raise Refused("SE-15", "Nobody confirms their own training.", "Ask a colleague or an admin to.")
    if row.confirmed_at or not row.attested_at:
        raise Refused("SE-15", "Training is confirmed once, after the person said that they were trained.", "")
    _say(row, by, attests=False, confirms=True)
    row.save(update_fields=["confirmed_by", "confirmed_at", "alone"])
    trail.change(row, "confirm_training")


def require_trained(person: User, by: User) -> None:
    """No record is opened to ``person`` anew while their training is missing or over; what they may open already stays. Raises Refused."""
    if person.is_staff_member and access.untrained().filter(pk=person.pk).exists():
        own = person.pk == by.pk
        words = "Your training is missing or over" if own else f"The training of {person.name} is missing or over"
        todo = "Record it under Training and have it confirmed" if own else "Ask them to record it under Training, and confirm it"
        raise Refused("SE-15", f"{words}, and no further record is opened before it.", f"{todo}; then do this again.")
