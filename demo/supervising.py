"""Priya's supervision by Sofia: an agreement for Oregon, a meeting every ten days, an evaluation, and a meeting that waits for her."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from audit import clock, doors
from practice.models import Practice, User
from practice.profile import zone_of
from supervision.actions import agreements, meetings, papers
from supervision.law.boards import criteria
from supervision.models import Agreement, Meeting, Paper

from .people import People, days_ago

SUPERVISOR, SUPERVISEE = "sofia", "priya"
BEGAN = 130  # days ago
TOPICS = (
    "How to end a session on time. The two newest intakes. What to do when somebody does not come twice.",
    "Role play: asking about safety without hurry. We listened to five minutes of a session on tape, with permission.",
    "Her own tiredness after evenings. Notes are in time. Preparing the review of two treatment plans.",
    "A client who brings gifts. The rule of the practice, and what it may mean to say no.",
)
DIRECTIVES = "Go through the safety plan with the client again, and write the note the same day."
STRENGTHS = "She listens for what is left out, and asks about it in plain words. Notes come the same day."
GROWTH = "To end on time, and to bring the hard moments to supervision first and not last."


@contextmanager
def _as(user: User, moment: datetime.datetime) -> Iterator[None]:
    with clock.at(moment), doors.system("demo", on_behalf_of=user):
        yield


def supervise(people: People) -> None:
    """Everything, at the hours of the practice. Told once."""
    sofia, priya = people[SUPERVISOR], people[SUPERVISEE]
    with timezone.override(zone_of(Practice.objects.get().timezone)):
        with doors.system("demo", on_behalf_of=sofia):
            if Agreement.objects.filter(supervisee=priya).exists():
                return
        row = _agreed(sofia, priya)
        for number, days in enumerate(range(BEGAN - 4, 1, -10)):
            _met(row, days, TOPICS[number % len(TOPICS)], both=days > 10)
        _evaluated(row)


def _agreed(sofia: User, priya: User) -> Agreement:
    moment = days_ago(BEGAN).replace(hour=17)
    today = timezone.localdate(moment)
    licensed = (today - datetime.timedelta(days=2900), today + datetime.timedelta(days=700))
    said = agreements.Terms(
        "or_lpct", ["individual", "group"], today, today + datetime.timedelta(days=365), "C4417", "OR", *licensed,
        "Ben Okafor, by his mobile, when Sofia cannot be reached within the hour.", "Nothing is paid.",
    )  # fmt: skip
    with _as(sofia, moment):
        row = agreements.prepare(sofia, priya, said, by=sofia)
    for number, person in enumerate((sofia, priya)):
        with _as(person, moment + datetime.timedelta(minutes=20 * (number + 1))):
            found = Agreement.objects.get(pk=row.pk)
            agreements.sign(found, by=person, shown=agreements.shown_hash(found).hex())
    return row


def _met(row: Agreement, days: int, topics: str, *, both: bool) -> None:
    start = days_ago(days).replace(hour=19, minute=0, second=0, microsecond=0)
    facts = meetings.Facts(start, start + datetime.timedelta(minutes=60), "individual", "room")
    with _as(row.supervisor, start + datetime.timedelta(minutes=65)):
        meeting = meetings.begin([row], facts, by=row.supervisor)
        part = meeting.parts.get()
        said = meetings.Said(topics, {part.pk: {"directives": DIRECTIVES, "follow_up": "Look at it again next time.", "concerns": ""}})
        meetings.save_meeting(meeting, facts, said, by=row.supervisor, version=meeting.version)
    for person in (row.supervisor, row.supervisee) if both else (row.supervisor,):
        with _as(person, start + datetime.timedelta(minutes=80)):
            found = Meeting.objects.get(pk=meeting.pk)
            meetings.sign(found, by=person, shown=meetings.seen_hash(found, by=person).hex())


def _evaluated(row: Agreement) -> None:
    moment = days_ago(20)
    days = (timezone.localdate(days_ago(110)), timezone.localdate(moment))
    content = {f"rate_{key}": str(3 + number % 2) for number, key in enumerate(criteria())} | {"strengths": STRENGTHS, "growth": GROWTH}
    with _as(row.supervisor, moment):
        paper = papers.write_paper(row, Paper.Kind.EVALUATION, days, content, by=row.supervisor)
    for number, (person, comment) in enumerate(((row.supervisee, "I agree, and the first is the hardest."), (row.supervisor, ""))):
        with _as(person, moment + datetime.timedelta(days=number + 1)):
            found = Paper.objects.get(pk=paper.pk)
            papers.sign(found, by=person, shown=papers.shown_hash(found).hex(), comment=comment)
