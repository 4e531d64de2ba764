"""What people opened during the year, and where they were turned away: so that the trail looks lived in."""

from __future__ import annotations

import datetime
from uuid import UUID

from audit import clock, doors, trail
from audit.models import Act
from audit.trail import Actor, Line
from practice.models import User

from .diary import Visit
from .people import ACCOUNTS, SUPERVISED, People, ident
from .story import Story

MINUTE = datetime.timedelta(minutes=1)
NOSY = {"ben": "note_read", "dee": "note_read", "priya": "client_overview", "ada": "note_read"}


def leave(story: Story, visits: list[Visit], people: People) -> None:
    """Leave the lines of everyone who opened this client's record around its sessions, and of those who tried."""
    chance = story.chance
    for visit in visits:
        if visit.at > clock.now():
            continue
        counselor = story.counselor_on(visit.at.date())
        _line(people[counselor], visit.at - chance.randint(3, 12) * MINUTE, Act.READ, "client_overview", story.client_id)
        if counselor in SUPERVISED and chance.random() < 0.3:
            _line(people["sofia"], visit.at + datetime.timedelta(hours=20), Act.READ, "client_records", story.client_id)
        if chance.random() < 0.15:
            _line(people["dee"], visit.at - datetime.timedelta(hours=26), Act.READ, "client_contacts", story.client_id)
    _turned_away(story, visits, people)


def _turned_away(story: Story, visits: list[Visit], people: People) -> None:
    """In a few of the records somebody knocked who has no business there."""
    who = story.denied[0] if story.denied else story.chance.choice(sorted(NOSY))
    wanted = bool(story.denied) or (story.chance.random() < 0.2 and who not in (story.counselor, story.counselor_now))
    if wanted and visits and visits[0].at < clock.now():
        moment = story.chance.choice([visit.at for visit in visits if visit.at < clock.now()]) - 100 * MINUTE
        _line(people[who], moment, Act.REFUSED, NOSY[who], story.client_id)


def _line(user: User, moment: datetime.datetime, act: Act, part: str, client: UUID) -> None:
    request = ident("request", str(user.pk), part, moment.isoformat())
    actor = Actor(user.role_words, user.pk, request, _session(user, moment), _address(user))
    with clock.at(min(moment, clock.now())), doors.acting(actor):
        trail.write(actor, [Line(act, "clients.client", part, client, client)])


def _session(user: User, moment: datetime.datetime) -> str:
    return ident("session", str(user.pk), moment.date().isoformat()).hex[:12]


def _address(user: User) -> str:
    """An address of the documentation range of RFC 5737: the practice's network is one, each account a host of it."""
    keys = [key for key in ACCOUNTS if ident("user", key) == user.pk]
    return f"192.0.2.{10 + list(ACCOUNTS).index(keys[0])}"
