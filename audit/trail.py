"""Writing the trail. Doors and actions call this; nothing else does."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.utils import Error as DatabaseFailed

from vault import gate

from . import clock
from .models import Act, Event


class TrailUnavailable(Exception):
    """The line could not be written, so nothing is shown and nothing is changed."""


@dataclass(frozen=True)
class Actor:
    """Who acts, as a line tells it: never taken from a parameter of the request."""

    role: str
    id: UUID | None = None
    request_id: UUID | None = None
    session: str = ""
    address: str | None = None


@dataclass(frozen=True)
class Line:
    """One line about to be written."""

    act: Act
    what: str
    part: str
    what_id: UUID | None = None
    client_id: UUID | None = None
    purpose: str = ""


_COLUMNS = "at, act, actor_id, role, what, what_id, client_id, part, purpose, request_id, session, address"  # the order of _values


def _values(actor: Actor, line: Line) -> tuple[Any, ...]:
    what_id = line.what_id if isinstance(line.what_id, UUID) else None  # a few tables count their rows: those are not named
    return (
        clock.now(), line.act.value, actor.id, actor.role[:60], line.what, what_id, line.client_id, line.part[:40],
        line.purpose, actor.request_id, actor.session, actor.address,
    )  # fmt: skip


def write(actor: Actor, lines: Iterable[Line]) -> None:
    """Append ``lines`` in one statement, in the current transaction; raises TrailUnavailable if it cannot be done."""
    rows = [_values(actor, line) for line in lines]
    if not rows:
        return
    row = "(" + ", ".join(["%s"] * 12) + ")"
    statement = f"INSERT INTO audit_event ({_COLUMNS}) VALUES {', '.join([row] * len(rows))}"  # noqa: S608 (constants)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, [value for values in rows for value in values])
    except DatabaseFailed as error:
        raise TrailUnavailable from error


def label(thing: models.Model | type[models.Model]) -> str:
    """What lines call ``thing``: its model's label, such as "records.note", unless the row says otherwise (``trail_label``)."""
    own = getattr(thing, "trail_label", None)
    return own if isinstance(own, str) else thing._meta.label_lower


def client_of(thing: models.Model) -> UUID | None:
    """The client whose record ``thing`` belongs to, if any."""
    found: UUID | None = thing.pk if label(thing) == "clients.client" else getattr(thing, "client_id", None)
    return found


def whose(what: str, ident: UUID | None) -> UUID | None:
    """The client whose record ``ident`` of model ``what`` is in, for the line of someone who may not see that row."""
    if not isinstance(ident, UUID):  # a few tables count their rows; none of them holds a client
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_client_of(%s, %s)", [what, ident])
        found: UUID | None = cursor.fetchone()[0]
    return found


def line_for(act: Act, thing: models.Model, part: str, client: models.Model | None = None) -> Line:
    """The line that says ``act`` was done to ``thing``; ``client`` where the thing itself does not tell whose it is."""
    own = getattr(thing, "trail_id", thing.pk)  # a row whose lines are another's says so, as with trail_label
    ident = own if isinstance(own, UUID) else None
    return Line(act, label(thing), part, ident, client.pk if client else client_of(thing))


class Recorder(gate.Opening):
    """An opening that knows who acts, and counts the lines it wrote."""

    def __init__(self, actor: Actor, *, practice_only: bool = False) -> None:
        super().__init__(practice_only=practice_only)
        self.actor = actor
        self.told: set[UUID] = set()  # clients, and rows with a key of their own, that already have a line from this door
        self.changes = 0
        self.changed = False  # whether anything of a record was: a failed password is a line, and must stay
        self.leaving: list[models.Model] = []  # rows that leave the house with the answer, each to have a line
        self.within: dict[UUID, UUID] = {}  # of a client shown as part of a row: that row
        self.showing: list[models.Model] = []  # rows that a search or a list shows, each to have a line

    def write(self, *lines: Line) -> None:
        """Append ``lines`` in the current transaction."""
        write(self.actor, lines)
        self.told |= {ident for line in lines for ident in (line.client_id, line.what_id) if ident}
        self.changes += sum(line.act not in (Act.READ, Act.LIST, Act.REFUSED) for line in lines)
        self.changed |= any(line.act == Act.CHANGE for line in lines)

    def become(self, actor_id: UUID, role: str) -> None:
        """From here on the lines name this person: for the moment of signing in."""
        self.actor = replace(self.actor, id=actor_id, role=role)


def recorder() -> Recorder:
    """The open door, as the one that records; raises gate.DoorClosed without one."""
    opening = gate.current()
    if not isinstance(opening, Recorder):
        raise gate.DoorClosed("Only a door that records may change anything.")
    return opening


def change(thing: models.Model, part: str, *, client: models.Model | None = None) -> None:
    """The line an action leaves, in the transaction of its change: ``thing`` was changed, ``part`` is the verb.

    ``client`` says whose record it concerns where ``thing`` is a person of the staff, as in "assign".
    """
    recorder().write(line_for(Act.CHANGE, thing, part, client))


def request_id() -> UUID:
    """A new id that ties the lines of one request together."""
    return uuid.uuid4()


def lines() -> models.QuerySet[Event]:
    """All lines, newest first. Row-level security lets each person see what is theirs to see."""
    return Event.objects.order_by("-at", "-id")
