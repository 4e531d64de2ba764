"""A database of one's own in which everything really commits, and a practice in it.

Most tests roll back and use the fixtures of tests/cast.py. Those that ask what stays after a failure, what the owner
of the database could do, or what a whole route list answers, use this.
"""

from __future__ import annotations

import datetime
import os
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg2
import pytest
from django.db import connections

from audit import clock
from clients import actions as clients
from clients.models import Client, ContactPoint
from practice.models import Supervision, User
from practice.roles import Role
from records import actions as records
from records.models import Addendum, Note, Session
from tests.cast import PRIVATE, SECRET, acting, person, write_note
from tests.conftest import clone_database, on_database
from tests.consented import consented

DRAFT = "A half-written thought about the copper lantern."


@contextmanager
def own_database(blocker: Any, worker_id: str) -> Iterator[str]:
    """A fresh copy of the migrated database, and Django connected to it; yields its name."""
    connection = connections["default"]
    before, name = connection.settings_dict["NAME"], f"subrosa_own_{worker_id}_{uuid.uuid4().hex[:8]}"
    clone_database(name)
    with blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            yield name
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before


@contextmanager
def as_owner(name: str) -> Iterator[Any]:
    """A cursor of the database's owner on ``name``, outside Django; each statement commits by itself."""
    connection = psycopg2.connect(on_database(os.environ["DATABASE_URL_OWNER"], name))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


@contextmanager
def as_role(address: str) -> Iterator[None]:
    """Connected as the role that the address of this name is for (DATABASE_URL_…), with its rights."""
    connection, role = connections["default"], urlsplit(os.environ[address])
    before = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict |= {"USER": role.username, "PASSWORD": unquote(role.password or "")}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= before


def as_worker() -> AbstractContextManager[None]:
    """Connected as the worker is, with the worker's rights."""
    return as_role("DATABASE_URL_WORKER")


@dataclass
class House:
    """Everyone and everything in ``furnish``: the cast of tests/cast.py, committed."""

    people: dict[str, User]
    cleo: Client
    mia: Client
    bruno: Client
    couple: Client
    session: Session
    draft: Note
    signed: Note
    psychotherapy: Note
    addendum: Addendum

    def __getattr__(self, name: str) -> User:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None


def _people() -> dict[str, User]:
    now = clock.now()
    found = {
        "ana": person("Ana Reyes", Role.COUNSELOR, credentials="LPC-A"),
        "ben": person("Ben Okafor", Role.COUNSELOR),
        "sofia": person("Sofia Lindqvist", Role.COUNSELOR, Role.SUPERVISOR),
        "dee": person("Dee Park", Role.DESK),
        "ada": person("Ada Novak", Role.ADMIN),
        "lena": person("Lena Former", Role.COUNSELOR),
        "otto": person("Otto Leaver", Role.COUNSELOR, leaves_at=now - datetime.timedelta(days=1)),
        "root": person("Root Flagged", Role.COUNSELOR, is_superuser=True),
        "portal_cleo": person("Cleo Marchetti", Role.CLIENT),
        "gus": person("Gus Aldana", Role.REPRESENTATIVE),
    }
    Supervision.objects.create(supervisor=found["sofia"], supervisee=found["ana"], since=now - datetime.timedelta(days=300))
    return found


def _cleo(by: User, lena: User) -> Client:
    """Ana's client, who was Lena's before."""
    with acting(lena):
        cleo = clients.take_in(
            by=lena, counselor=lena, given_name="Cleopatra", family_name="Marchetti", preferred_name="Cleo", pronouns="she/her"
        )
        clients.transfer(cleo, to=by, by=lena, reason="leaver")
    with acting(by):
        phone = {"kind": ContactPoint.Kind.PHONE, "address": "503 555 0142", "label": "mobile"}
        clients.add_contact_point(cleo, by=by, may_contact=True, safe_to_leave_message=True, **phone)
    return cleo


def _session(by: User, client: Client) -> Session:
    start = clock.now() - datetime.timedelta(hours=20)
    with acting(by):
        return records.plan_session(
            client, by=by, starts_at=start, ends_at=start + datetime.timedelta(minutes=50), modality="in_person", place="Room 2, willow"
        )


def _addendum(by: User, note: Note) -> Addendum:
    with acting(by):
        return records.add_addendum(note, SECRET, by=by)


def _mia(by: User, guardian: User) -> Client:
    with acting(by):
        mia = clients.take_in(by=by, counselor=by, kind="minor", given_name="Mia", family_name="Aldana")
        clients.give_portal(mia, guardian, by=by, represents=True)
    return mia


def furnish() -> House:
    """The cast, three clients, a session, a draft, a signed note with an addendum and a psychotherapy note, committed."""
    people = _people()
    ana, ben = people["ana"], people["ben"]
    cleo = _cleo(ana, people["lena"])
    with acting(ana):
        clients.give_portal(cleo, people["portal_cleo"], by=ana)
        couple = clients.take_in(by=ana, counselor=ana, kind="couple", given_name="The", family_name="Couplings")
    with acting(ben):
        bruno = clients.take_in(by=ben, counselor=ben, given_name="Bruno", family_name="Ferreira")
    mia = _mia(ana, people["gus"])
    for client, counselor in ((cleo, ana), (couple, ana), (mia, ana), (bruno, ben)):
        consented(client, counselor)
    session = _session(ana, cleo)
    signed = write_note(ana, cleo, session=session, signed=True)
    return House(
        people=people,
        cleo=cleo,
        mia=mia,
        bruno=bruno,
        couple=couple,
        session=session,
        draft=write_note(ana, cleo, session=session, text=DRAFT),
        signed=signed,
        psychotherapy=write_note(ana, cleo, kind="psychotherapy", session=session, signed=True, text=PRIVATE),
        addendum=_addendum(ana, signed),
    )


@pytest.fixture
def own_db(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[str]:
    """A database of this test's own, empty but for the migrations; its name."""
    with own_database(django_db_blocker, worker_id) as name:
        yield name


@pytest.fixture
def house(own_db: str) -> House:
    """The furnished practice, committed in a database of this test's own."""
    return furnish()
