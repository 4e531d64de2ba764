"""What boards ask of supervision, as data: boards.toml."""

from __future__ import annotations

import datetime
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from practice.deadlines import after_years


@dataclass(frozen=True)
class Board:
    """One board: where its rule stands, when somebody looked, and the figures. A figure of 0: it asks for none that we know."""

    key: str
    words: str
    state: str
    citation: str
    checked: datetime.date
    mark: str
    file: tuple[str, ...]
    total: int = 0
    contact: int = 0
    month_hours: int = 0
    many_contacts: int = 0
    month_hours_many: int = 0
    meetings_a_month: int = 0
    group_share: int = 100

    def hours_for(self, contact_minutes: int) -> int:
        """Hours of supervision that a month with so much client contact needs."""
        many = self.many_contacts and contact_minutes > self.many_contacts * 60
        return self.month_hours_many if many else self.month_hours


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("boards.toml").read_text())


@cache
def boards() -> dict[str, Board]:
    """Every board, by its key."""
    return {key: Board(key, **said | {"file": tuple(said["file"])}) for key, said in _read()["boards"].items()}


def pieces() -> dict[str, str]:
    """What may belong in a supervisor's file (SU-4), in words."""
    return dict(_read()["file"])


def retention_years() -> int:
    """How long a supervision record is kept (SU-9)."""
    return int(_read()["retention"]["years"])


def criteria() -> dict[str, str]:
    """What an evaluation rates."""
    return {key: words for key, words in _read()["criteria"].items() if key not in ("citation", "checked", "most")}


def best() -> int:
    """The highest rating."""
    return int(_read()["criteria"]["most"])


def kept_from(day: datetime.date) -> datetime.date:
    """Until when a record of ``day`` is kept (SU-9)."""
    return after_years(day, retention_years(), "later")
