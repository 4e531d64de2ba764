"""What people opened during the year, and where they were turned away: so that the trail looks lived in."""

from __future__ import annotations

import datetime
from uuid import UUID

from audit import clock, doors, trail
from audit.models import Act
from audit.trail import Actor, Line
from practice.models import User

from .diary import Slot, Visit, is_open, moment_of, today
from .people import ACCOUNTS, SUPERVISED, People, ident
from .story import Story

MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)
NOSY = {"ben": "client_detail", "dee": "session_list", "priya": "client_detail", "ada": "session_list"}
SIGN_INS = 12  # working days for which sign-ins are told


def leave(story: Story, visits: list[Visit], notes: dict[Slot, UUID], people: People) -> None:
    """Leave the lines of everyone who opened this client's record around its sessions, and of those who tried."""
    for visit in [visit for visit in visits if visit.at < clock.now()]:
        _around(story, visit, people)
        if visit.at in notes and story.counselor_on(visit.at.date()) in SUPERVISED and story.chance.random() < 0.4:
            line = Line(Act.READ, "records.note", "note_detail", notes[visit.at], story.client_id)
            _leave(people["sofia"], visit.at + 20 * HOUR, line)
    _turned_away(story, visits, people)


def _around(story: Story, visit: Visit, people: People) -> None:
    counselor = people[story.counselor_on(visit.at.date())]
    opened = Line(Act.READ, "clients.client", "client_detail", story.client_id, story.client_id)
    _leave(counselor, visit.at - story.chance.randint(3, 12) * MINUTE, opened)
    if story.chance.random() < 0.15:
        contacts = Line(Act.READ, "clients.client", "client_contacts", story.client_id, story.client_id)
        _leave(people["dee"], visit.at.replace(hour=8, minute=20), contacts)


def _turned_away(story: Story, visits: list[Visit], people: People) -> None:
    """In a few of the records somebody knocked who has no business there."""
    who = story.denied[0] if story.denied else story.chance.choice(sorted(NOSY))
    wanted = bool(story.denied) or (story.chance.random() < 0.2 and who not in (story.counselor, story.counselor_now))
    past = [visit.at for visit in visits if visit.at < clock.now()]
    if wanted and past:
        line = Line(Act.REFUSED, "clients.client", NOSY[who], story.client_id, story.client_id)
        _leave(people[who], story.chance.choice(past) - 10 * MINUTE, line)


def sign_ins(people: People) -> None:
    """Leave the lines of the staff coming to work in the last days, and of a mistyped password now and then."""
    days = [day for ago in range(1, 3 * SIGN_INS) if is_open(day := today() - datetime.timedelta(days=ago), "ada")][:SIGN_INS]
    for place, (key, user) in enumerate((key, user) for key, user in people.items() if user.is_staff_member and not user.has_left):
        for day in [day for day in days if is_open(day, key)]:
            moment = moment_of(day, 8, 5 + 7 * place + day.day % 5)
            acts = [(Act.FAILED, "password")] * (day.day % 9 == place) + [(Act.LOGIN, "sign-in")]
            _leave(user, moment, *[Line(act, "practice.user", part, user.pk) for act, part in acts])


def leave_lines(user: User, moment: Slot, *lines: Line) -> None:
    """Leave ``lines`` of ``user`` at that moment."""
    _leave(user, moment, *lines)


def _leave(user: User, moment: Slot, *lines: Line) -> None:
    request = ident("request", str(user.pk), lines[0].part, moment.isoformat())
    actor = Actor(user.role_words, user.pk, request, _session(user, moment), _address(user))
    with clock.at(min(moment, clock.now())), doors.acting(actor):
        trail.write(actor, lines)


def _session(user: User, moment: Slot) -> str:
    return ident("session", str(user.pk), moment.date().isoformat()).hex[:12]


def _address(user: User) -> str:
    """An address of the documentation range of RFC 5737, one for each account."""
    places = {ident("user", key): place for place, key in enumerate(ACCOUNTS)}
    return f"192.0.2.{10 + places[user.pk]}"
