"""Invented clients with their sessions and notes: the shape of a practice, in bulk."""

from __future__ import annotations

import datetime
import json
import os
import random
import uuid
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from clients.models import Client, ClientPermission
from practice.models import User
from records.actions.fingerprints import shown_hash
from records.kinds import FORMATS
from records.models import Format, Kind, Note, Session
from vault import gate
from vault.keys import DataKey, Keyhole, wrap

CASELOAD = 60  # clients of one counselor
SUPERVISED = 10  # counselors of one supervisor: 600 clients, the heavy user of both sizes
WAITING = 12  # of so many clients one has a draft, and a session without a note
_WORDS = [
    "she said", "that", "the week", "had been", "long", "and", "sleep", "was short", "again", "we looked", "at", "what helps",
    "breathing", "walks", "calls", "with her sister", "mood", "steady", "affect", "full", "no risk", "reported", "next",
]  # fmt: skip
_HOUR = datetime.timedelta(hours=1)


@cache
def texts() -> list[dict[str, str]]:
    """Two hundred SOAP notes to choose from: half of them short (sealed in 1 KiB), half long (in 4 KiB)."""
    chance = random.Random(5)  # noqa: S311  (invented words, the same each time)
    keys = [part.key for part in FORMATS[Format.SOAP]]
    return [{key: " ".join(chance.choices(_WORDS, k=25 if number % 2 else 110)) for key in keys} for number in range(200)]


@dataclass
class Batch:
    """Rows of some clients, by the table they go into, in the order they must be written."""

    clients: list[Client] = field(default_factory=list)
    keys: list[DataKey] = field(default_factory=list)
    grants: list[ClientPermission] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def tables(self) -> list[list[Any]]:
        """The rows, parents first."""
        return [self.clients, self.keys, self.grants, self.sessions, self.notes]


@dataclass(frozen=True)
class Team:
    """Who the clients are given to: ids of users, and of the permissions of a grant."""

    counselors: list[uuid.UUID]
    supervisors: list[uuid.UUID]
    permissions: dict[str, int]
    now: datetime.datetime


def _key(batch: Batch, hole: Keyhole) -> None:
    row, raw = DataKey(owner=hole.owner, compartment=hole.compartment, holder=hole.holder), os.urandom(32)
    wrap(row, raw)
    batch.keys.append(row)
    opening = gate.current()
    opening.found[hole], opening.keys[row.id] = row.id, raw


def _grant(client: Client, user: uuid.UUID, permission: int, at: datetime.datetime) -> ClientPermission:
    return ClientPermission(content_object_id=client.pk, user_id=user, permission_id=permission, since=at, granted_by_id=user)


def _session(client: Client, counselor: uuid.UUID, starts_at: datetime.datetime) -> Session:
    return Session(
        client_id=client.pk, counselor_id=counselor, starts_at=starts_at, ends_at=starts_at + _HOUR, outcome="attended",
        place="room 2", created_at=starts_at,
    )  # fmt: skip


def _note(session: Session, signed: bool) -> Note:
    at = session.ends_at + _HOUR
    note = Note(
        client_id=session.client_id, session=session, kind=Kind.PROGRESS, format=Format.SOAP, author_id=session.counselor_id,
        content=random.choice(texts()), created_at=at, saved_at=at,  # noqa: S311  (which text is no secret)
    )  # fmt: skip
    if signed:
        note.signed_at, note.signed_by_id, note.signed_hash = at, session.counselor_id, shown_hash(note)
    return note


def add(batch: Batch, number: int, notes: int, team: Team) -> None:
    """Client ``number`` of the practice with ``notes`` notes of a session each, into ``batch``. Needs an open door."""
    place = number // CASELOAD % len(team.counselors)
    counselor, supervisor = team.counselors[place], team.supervisors[place // SUPERVISED % len(team.supervisors)]
    newest = team.now - datetime.timedelta(days=1 + number % 14)
    oldest = newest - datetime.timedelta(days=14 * notes + 1)
    client = Client(
        code=f"bench-{number:07}", status="active", given_name=f"Person {number}", family_name="Bench", since=oldest, recent_at=newest
    )
    batch.clients.append(client)
    _key(batch, Keyhole(client.pk, "contact"))
    _key(batch, Keyhole(client.pk, "record"))
    batch.grants.append(_grant(client, counselor, team.permissions["counsel"], oldest))
    batch.grants.append(_grant(client, supervisor, team.permissions["supervise"], oldest))
    _write(batch, client, counselor, [newest - datetime.timedelta(days=14 * each) for each in range(notes)], number % WAITING == 0)


def _write(batch: Batch, client: Client, counselor: uuid.UUID, days: list[datetime.datetime], waiting: bool) -> None:
    for order, day in enumerate(days):
        session = _session(client, counselor, day)
        batch.sessions.append(session)
        batch.notes.append(_note(session, signed=not (waiting and order == 0)))
    if waiting:
        batch.sessions.append(_session(client, counselor, days[0] + 3 * _HOUR))


def plain(note: Note, user: User) -> dict[str, Any]:
    """``note`` as the bare view's row has it."""
    session = note.session
    assert session
    return {
        "id": uuid.uuid4(), "parts": json.dumps(note.content), "version": 1, "client_id": note.client_id, "session_id": session.pk,
        "starts_at": session.starts_at, "ends_at": session.ends_at, "created_at": note.created_at, "signed_at": note.signed_at,
        "client": note.client.name, "code": note.client.code, "author": user.name,
    }  # fmt: skip
