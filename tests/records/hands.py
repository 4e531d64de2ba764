"""What hands do on the pages of the record, and how a test looks at what came of it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Act, Event
from practice import profile
from practice.models import User
from records.models import Note, Session
from tests.cast import PRIVATE, SECRET, acting


def page(name: str, pk: object = None) -> str:
    """The address of the page ``name`` about ``pk``."""
    return reverse(name, args=[pk] if pk else [])


def words(response: Any) -> str:
    """The page as text."""
    return str(response.content.decode())


def stable(response: Any) -> str:
    """The page without what differs at each answer: tokens and fresh ids of forms."""
    plain = re.sub(r'(name="(csrfmiddlewaretoken|ident|key|shown)" value=)"[^"]*"', r"\1", words(response))
    return re.sub(r'data-left="\d+"', "", plain)  # seconds until the page locks


def lines(person: User, act: Act, part: str) -> int:
    """How many lines of the trail ``person`` left with this act and part."""
    with acting(person):
        return Event.objects.filter(actor_id=person.pk, act=act, part=part).count()


def told_of(person: User, part: str) -> set[object]:
    """The clients that the lines of ``person`` about ``part`` name."""
    with acting(person):
        return {*Event.objects.filter(actor_id=person.pk, part=part, client_id__isnull=False).values_list("client_id", flat=True)}


def turned_away(browser: Browser, person: User, name: str, pk: object, data: dict[str, Any] | None = None) -> None:
    """Assert that ``person`` gets 404, leaves a line, and reads nothing; POST where ``data`` is given."""
    before = lines(person, Act.REFUSED, name)
    response = browser.get(page(name, pk)) if data is None else browser.post(page(name, pk), data)
    assert response.status_code == 404
    assert lines(person, Act.REFUSED, name) == before + 1
    assert SECRET not in words(response)
    assert PRIVATE not in words(response)
    assert "Marchetti" not in words(response)


def typed(version: int, key: object = None, **parts: str) -> dict[str, Any]:
    """What the editor sends."""
    return {"version": version, "key": str(key or uuid.uuid4()), **parts}


def content(note: Note, by: User) -> dict[str, str]:
    """The text of ``note`` as it is in the database now."""
    with acting(by):
        return dict(Note.objects.get(pk=note.pk).content)


def fresh(row: Any, by: User) -> Any:
    """``row`` as it is in the database now."""
    with acting(by):
        return type(row).objects.get(pk=row.pk)


def count(model: type[Any], by: User, **filters: Any) -> int:
    """How many rows ``by`` finds."""
    with acting(by):
        return int(model.objects.filter(**filters).count())


def sessions_of(client: Any, by: User) -> list[Session]:
    """The sessions of ``client``, newest first."""
    with acting(by):
        return list(Session.objects.filter(client=client).order_by("-starts_at"))


@contextmanager
def questions() -> Iterator[list[str]]:
    """The statements put to the database, without those that begin and end transactions or name the actor, and without the
    sign of life that a signed-in person leaves once a minute. The practice's profile, kept for a minute, is read before."""
    profile.forget()
    profile.profile()
    asked: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield asked
    plain = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET ", 'UPDATE "practice_signedin"')
    said = [query["sql"].rpartition("', true); ")[2] for query in captured]  # who acts is said on the way of another statement
    asked += [sql for sql in said if "set_config" not in sql and not sql.startswith(plain)]
