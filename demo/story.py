"""A story: one client (or couple, or family) and what their year of counseling was, read from demo/stories/*.toml."""

from __future__ import annotations

import datetime
import random
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from .people import days_ago, ident

FOLDER = Path(__file__).with_name("stories")


@dataclass(frozen=True)
class Person:
    """Who someone is. ``contacts`` are (kind, address, label, may contact, safe to leave a message)."""

    given: str
    family: str
    preferred: str = ""
    pronouns: str = ""
    age: int = 0
    languages: str = "English"
    emergency: list[str] = field(default_factory=list)  # name, relation, phone
    contacts: list[list[Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Story:
    """A client's year. Numbers that say when, such as in ``private``, count the progress notes from 0."""

    key: str
    counselor: str
    who: Person
    kind: str = "adult"
    status: str = "active"
    every: int = 1  # weeks between sessions
    last: int = 1  # working days between the last session and today
    modality: str = "in_person"
    place: str = "Room 2"
    open: str = ""  # how the last session stands: "draft", "unwritten", or "" for signed
    taken_in_by: str = ""
    members: list[Person] = field(default_factory=list)
    representatives: list[dict[str, Any]] = field(default_factory=list)
    portal: str = ""  # account that is the client
    denied: list[str] = field(default_factory=list)  # account, reason
    transfer: list[Any] = field(default_factory=list)  # days ago, to whom, reason
    intake: list[str] = field(default_factory=list)
    plan: list[str] = field(default_factory=list)
    progress: list[list[str]] = field(default_factory=list)  # presenting, interventions, progress, (risk,) plan
    risk: list[str] = field(default_factory=list)
    termination: list[str] = field(default_factory=list)
    contact: list[list[Any]] = field(default_factory=list)
    crisis: list[list[Any]] = field(default_factory=list)
    private: list[list[Any]] = field(default_factory=list)
    addenda: list[list[Any]] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    agreement: list[Any] = field(default_factory=list)  # made at, who the client is, secrets, how, whether the shared part is copied
    parts: list[list[Any]] = field(default_factory=list)  # at, whose (given name), texts: what is in that person's own record
    remote: list[int] = field(default_factory=list)  # progress sessions held by video instead

    @property
    def client_id(self) -> UUID:
        """The client's id, the same at every start."""
        return ident("client", self.key)

    @cached_property
    def chance(self) -> random.Random:
        """The story's own dice, thrown alike at every start."""
        return random.Random(f"willow street {self.key}")

    @property
    def counselor_now(self) -> str:
        """Who counsels the client today."""
        return str(self.transfer[1]) if self.transfer else self.counselor

    def counselor_on(self, day: datetime.date) -> str:
        """Who counseled on ``day``: the first counselor until the transfer."""
        before = bool(self.transfer) and day < days_ago(self.transfer[0]).date()
        return self.counselor if before else self.counselor_now


def _story(raw: dict[str, Any]) -> Story:
    who = Person(**raw.pop("who"))
    members = [Person(**each) for each in raw.pop("members", [])]
    return Story(who=who, members=members, **raw)


def stories() -> list[Story]:
    """Every story, in the order of the files and within them; raises TypeError for a field nobody knows."""
    return [_story(raw) for path in sorted(FOLDER.glob("*.toml")) for raw in tomllib.loads(path.read_text())["story"]]
