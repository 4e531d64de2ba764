"""What the tests of threads share: Mia has two parents who live apart, and each writes."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from audit import clock
from clients import actions as clients
from clients.models import Client, ContactPoint, Representative
from messaging import actions
from messaging.models import Draft, Message, Thread
from practice.models import User
from practice.roles import Role
from tests.cast import acting, person
from tests.clients.conftest import ask, lines
from tests.reached import reachable as may_reach

__all__ = ["ask", "lines"]

HERS, HIS, OWN = (
    "He drinks again, said under the mauve bridge.",
    "She turns her against me, by the khaki silo.",
    "The coral attic scares me.",
)
Write = Callable[..., Message]


@pytest.fixture
def vera(mia: Client, gus: User, ana: User) -> User:
    """Mia's mother, who lives apart from Gus, with an authority on file."""
    user = person("Vera Aldana", Role.REPRESENTATIVE)
    since = clock.now() - datetime.timedelta(days=30)
    with clock.at(clock.now() - datetime.timedelta(days=2)), acting(ana):
        row = clients.add_representative(
            mia, by=ana, relation=Representative.Relation.PARENT, name="Vera Aldana", authority="joint", since=since
        )
        clients.give_portal(mia, user, by=ana, representative=row)
    return user


@pytest.fixture
def mia_herself(mia: Client, ana: User) -> User:
    """Mia's own account."""
    user = person("Mia Aldana", Role.CLIENT)
    with acting(ana):
        clients.give_portal(mia, user, by=ana)
    return user


@pytest.fixture
def reachable(cleo: Client, ana: User) -> str:
    """An address at which Cleo allowed mail."""
    with acting(ana):
        return may_reach(cleo, ana, ContactPoint.Kind.MAIL, "safe@mail.test").address


def thread_of(user: User, client: Client, kind: str = "care", *, by: User | None = None) -> Thread:
    """The thread of ``user`` about ``client``, begun by them or by ``by``."""
    with acting(by or user):
        return actions.begin_thread(client, user, kind, by=by or user)


def write(thread: Thread, by: User, text: str = HERS, *files: actions.File, **more: Any) -> Message:
    """A message of ``by``, through the actions."""
    with acting(by):
        row = Thread.objects.select_related("client", "person").get(pk=thread.pk)
        draft = Draft.objects.filter(thread=row, author=by).first()
        given = {"version": draft.version if draft else 0, "ident": uuid.uuid4()} | more
        return actions.send(row, text, files, by=by, **given)


def sent(text: str = HERS, *files: Any, version: int = 0, ident: Any = None, **more: Any) -> dict[str, Any]:
    """What the form sends."""
    return {"text": text, "attached": list(files), "version": version, "ident": ident or uuid.uuid4(), "then": "send"} | more
