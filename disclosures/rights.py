"""The law of what clients ask: by when it is answered, and the grounds on which alone it is denied. Pure; data in law/rights.toml."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from practice.deadlines import after_business_days, after_days, after_months

from .law import HERE


@dataclass(frozen=True)
class Clock:
    """By when the law asks for an answer, and until when at the latest if it is extended; ``sum`` is the arithmetic in words."""

    words: str
    rule: str
    citation: str
    due: datetime.date
    latest: datetime.date
    sum: str


@dataclass(frozen=True)
class Ground:
    """A ground of the closed lists; rights.toml says what each field means."""

    key: str
    words: str
    rule: str
    citation: str
    reviewable: bool = False
    licensed: bool = False
    of_representatives: bool = False
    why: bool = False


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads((HERE / "rights.toml").read_text())


@cache
def grounds(kind: str) -> dict[str, Ground]:
    """The closed list for requests of ``kind``, by key; empty where none may be denied (RG-3, RG-8)."""
    return {key: Ground(key=key, **table) for key, table in _read()["grounds"].get(kind, {}).items()}


def clocks(kind: str, form: str, received: datetime.date, *, states: Collection[str], flags: Collection[str]) -> list[Clock]:
    """Every clock that runs for a request of ``kind`` in ``form`` received on that day, the earliest first (RG-1, RG-6, RG-7, RG-15)."""
    running = [law for law in _read()["clocks"] if _runs(law, kind, form, states, flags)]
    return sorted((_clock(law, received) for law in running), key=lambda clock: (clock.due, clock.rule))


def _runs(law: dict[str, Any], kind: str, form: str, states: Collection[str], flags: Collection[str]) -> bool:
    here = law.get("state") is None or law["state"] in states
    flagged = "flags" not in law or not {*law["flags"]}.isdisjoint(flags)
    return kind in law["kinds"] and here and flagged and form in law.get("forms", [form])


def _clock(law: dict[str, Any], received: datetime.date) -> Clock:
    due, period = _due(law, received)
    if months := law.get("longer_months"):
        latest = after_months(received, law["months"] + months)
    else:
        latest = after_days(due, law.get("longer", 0))
    return Clock(law["words"], law["rule"], law["citation"], due, latest, f"received {received:%-d %b %Y} + {period}")


def _due(law: dict[str, Any], received: datetime.date) -> tuple[datetime.date, str]:
    if days := law.get("business_days"):
        return after_business_days(received, days), f"{days} business days"
    if months := law.get("months"):
        return after_months(received, months), "1 month" if months == 1 else f"{months} months"
    return after_days(received, law["days"]), f"{law['days']} days"


def due(running: Collection[Clock], *, extended: bool = False) -> datetime.date:
    """The day that governs: the earliest, of all clocks as they are or as far as each may be extended."""
    return min(clock.latest if extended else clock.due for clock in running)
