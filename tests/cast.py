"""The cast. Everyone in a test is one of these; each view test names who may, and the rest are tried and must fail.

Ana counsels Cleo and Mia (a minor, whose guardian is Gus); Sofia supervises Ana. Ben counsels others and must see nothing.
Dee is at the front desk, Ada is the privacy officer. Lena counseled Cleo once and was reassigned. Otto left the practice.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client as Browser

from audit import clock, doors
from clients import actions as clients
from clients.models import Client, ContactPoint
from practice.middleware import FACTOR_FLAG
from practice.models import Supervision, User
from practice.roles import Role
from records import actions as records
from records.models import Note, Session
from safeguards.models import Training
from safeguards.rules import courses, expires_on

from .consented import consented
from .kept import kept

PASSWORD = "a lantern over the water 77"
SECRET = "She said the blue heron sentence that nobody else may read."
PRIVATE = "A private reflection about the silver orchard."
_HASH = ""


def password_hash() -> str:
    """The password's Argon2 hash, made once a run."""
    global _HASH
    _HASH = _HASH or make_password(PASSWORD)
    return _HASH


def person(name: str, *roles: Role, **fields: Any) -> User:
    """Someone who can sign in as <first name>@sub.test with PASSWORD."""
    user = User.objects.create_user(f"{name.split()[0].lower()}@sub.test", None, name=name, roles=list(roles), **fields)
    User.objects.filter(pk=user.pk).update(password=password_hash())
    trained(user)
    return User.objects.get(pk=user.pk)


def trained(user: User, days_ago: int = 0) -> None:
    """Whoever works here is trained in every course, so that records may be opened to them (SE-15)."""
    held_on, now = clock.today() - datetime.timedelta(days=days_ago), clock.now()
    said = {"held_on": held_on, "recorded_by": user, "attested_by": user, "attested_at": now, "confirmed_by": user, "confirmed_at": now}
    if user.is_staff_member:
        with acting(user):
            rows = [
                Training(person=user, course=each.id, expires_on=expires_on(each, held_on), alone=True, **said)
                for each in courses().values()
            ]
            Training.objects.bulk_create(rows)


@contextmanager
def acting(user: User) -> Iterator[None]:
    """Act through the actions as ``user``, behind a door as a job would."""
    with doors.system("test", on_behalf_of=user):
        yield


@pytest.fixture
@kept
def ana(db: None) -> User:
    return person("Ana Reyes", Role.COUNSELOR, credentials="LPC-A")


@pytest.fixture
@kept
def ben(db: None) -> User:
    return person("Ben Okafor", Role.COUNSELOR, credentials="LMFT")


@pytest.fixture
@kept
def sofia(db: None, ana: User) -> User:
    sofia = person("Sofia Lindqvist", Role.COUNSELOR, Role.SUPERVISOR, credentials="LPC-S")
    Supervision.objects.create(supervisor=sofia, supervisee=ana, since=clock.now() - datetime.timedelta(days=300))
    return sofia


@pytest.fixture
@kept
def dee(db: None) -> User:
    return person("Dee Park", Role.DESK)


@pytest.fixture
@kept
def ada(db: None) -> User:
    return person("Ada Novak", Role.ADMIN)


@pytest.fixture
@kept
def nora(db: None) -> User:
    """A second admin, so that the first can stand on a deny list: the last one cannot."""
    return person("Nora Vance", Role.ADMIN)


@pytest.fixture
@kept
def lena(db: None) -> User:
    return person("Lena Former", Role.COUNSELOR)


@pytest.fixture
@kept
def otto(db: None) -> User:
    return person("Otto Leaver", Role.COUNSELOR, leaves_at=clock.now() - datetime.timedelta(days=1))


Intake = Callable[[Client, User], Any]


@pytest.fixture
def intake() -> Intake:
    """What intake left behind: the clients of the cast were told and have consented. Tests of consent begin before that."""
    return consented


@pytest.fixture
@kept
def cleo(ana: User, sofia: User, intake: Intake) -> Client:
    """Ana's client, with a phone that is safe and a mail address that is not."""
    with acting(ana):
        cleo = clients.take_in(
            by=ana, counselor=ana, given_name="Cleopatra", family_name="Marchetti", preferred_name="Cleo", pronouns="she/her"
        )
        clients.add_contact_point(
            cleo, by=ana, kind=ContactPoint.Kind.PHONE, address="503 555 0142", label="mobile", may_contact=True, safe_to_leave_message=True
        )
        clients.add_contact_point(cleo, by=ana, kind=ContactPoint.Kind.MAIL, address="cleo.marchetti@mail.test", may_contact=False)
    intake(cleo, ana)
    return cleo


@pytest.fixture
@kept
def session(ana: User, cleo: Client) -> Session:
    """Yesterday's hour of Ana with Cleo."""
    start = clock.now() - datetime.timedelta(hours=20)
    with acting(ana):
        return records.plan_session(
            cleo, by=ana, starts_at=start, ends_at=start + datetime.timedelta(minutes=50), modality="in_person", place="Room 2, willow"
        )


def write_note(
    by: User, client: Client, kind: str = "progress", session: Session | None = None, signed: bool = False, text: str = SECRET
) -> Note:
    """A note of ``by`` with ``text``, through the actions."""
    import uuid

    with acting(by):
        note = records.begin_note(client, by=by, kind=kind, session=session)
        part = {"psychotherapy": "reflections", "plan": "goals", "termination": "summary"}.get(kind, "presenting")
        note = records.save_note(note, {part: text}, by=by, version=note.version, key=uuid.uuid4())
        if signed:
            records.sign_note(note, by=by, shown=records.shown_hash(note).hex())
    return note


@pytest.fixture
@kept
def draft(ana: User, cleo: Client, session: Session) -> Note:
    return write_note(ana, cleo, session=session)


@pytest.fixture
@kept
def signed(ana: User, cleo: Client, session: Session) -> Note:
    return write_note(ana, cleo, session=session, signed=True)


@pytest.fixture
@kept
def psychotherapy(ana: User, cleo: Client, session: Session, signed: Note) -> Note:
    return write_note(ana, cleo, kind="psychotherapy", session=session, signed=True, text=PRIVATE)


@pytest.fixture
@kept
def bens_client(ben: User, intake: Intake) -> Client:
    with acting(ben):
        bruno = clients.take_in(by=ben, counselor=ben, given_name="Bruno", family_name="Ferreira")
    intake(bruno, ben)
    return bruno


@pytest.fixture
@kept
def portal_cleo(cleo: Client, ana: User) -> User:
    """Cleo's own account in the portal."""
    user = person("Cleo Marchetti", Role.CLIENT)
    with acting(ana):
        clients.give_portal(cleo, user, by=ana)
    return user


@pytest.fixture
@kept
def mia(ana: User, sofia: User, intake: Intake) -> Client:
    """A minor."""
    with acting(ana):
        mia = clients.take_in(
            by=ana, counselor=ana, kind="minor", given_name="Mia", family_name="Aldana", born_on=datetime.date(2012, 8, 15)
        )
    intake(mia, ana)
    return mia


@pytest.fixture
@kept
def gus(mia: Client, ana: User) -> User:
    """Mia's guardian, in the portal."""
    user = person("Gus Aldana", Role.REPRESENTATIVE)
    with acting(ana):
        clients.give_portal(mia, user, by=ana, represents=True)
    return user


SignIn = Callable[[User], Browser]


@pytest.fixture
def browser_of() -> SignIn:
    """A signed-in test browser of someone, past the second factor."""

    def sign_in(user: User) -> Browser:
        browser = Browser(headers={"user-agent": "Test/1.0"})
        browser.force_login(user, backend="practice.signin.SignIn")
        kept = browser.session
        kept[FACTOR_FLAG] = True
        kept.save()
        return browser

    return sign_in
