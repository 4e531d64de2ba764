"""When a report is due, by state, as the rulebook has it; what is not known is said to be unknown (REP-1, section 8)."""

from __future__ import annotations

import datetime
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from practice.deadlines import after_business_days, after_hours, end_of_day, local_day

HERE = Path(__file__).resolve().parent


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads((HERE / "reports.toml").read_text())


@dataclass(frozen=True)
class Duty:
    """What a state asks of whoever learned of such a thing."""

    oral: str
    citation: str
    mark: str
    oral_hours: int = 0
    written_hours: int = 0
    written_business_days: int = 0
    since: str = "learned"
    kind: str = ""  # "mandatory" or "permissive", for the duty to protect


@dataclass(frozen=True)
class Due:
    """By when something is due; ``at`` None: it waits for the oral report, or the law names no time."""

    what: str
    words: str
    at: datetime.datetime | None


def duty(kind: str, place: str) -> Duty | None:
    """What ``place`` (a state) asks for such an event; None where it is not known here."""
    found = _read().get(kind, {}).get(place)
    return Duty(**({"kind": found.get("class", "")} | {key: value for key, value in found.items() if key != "class"})) if found else None


def federal(kind: str) -> str:
    """What 45 CFR 164.512 permits for such an event."""
    return str(_read()["federal"][kind])


def letters() -> list[str]:
    """The bases of 45 CFR 164.512 that something else may rest on."""
    return list(_read()["letters"]["other"])


def basis(kind: str, letter: str = "") -> str:
    """On which basis such a report goes into the accounting; of something else, the ``letter`` that was named."""
    return letter if kind == "other" and letter in letters() else str(_read()["bases"][kind])


def consult_by(decided: datetime.datetime, zone: ZoneInfo) -> datetime.datetime:
    """Until when somebody is consulted about what was decided in an emergency (SU-7)."""
    return end_of_day(after_business_days(local_day(decided, zone), _read()["emergency"]["consult_business_days"]), zone)


def dues(kind: str, place: str, learned: datetime.datetime, oral: datetime.datetime | None, zone: ZoneInfo) -> list[Due]:
    """By when the oral and the written report are due; ``oral`` is when that was made. "Immediately" is due at once."""
    found = duty(kind, place)
    if found is None:
        return []
    said = [Due("oral", found.oral, after_hours(learned, found.oral_hours) if found.oral_hours else learned)]
    start = learned if found.since == "learned" else oral
    if found.written_hours:
        said.append(
            Due("written", f"in writing within {found.written_hours} hours", after_hours(start, found.written_hours) if start else None)
        )
    if found.written_business_days:
        last = after_business_days(local_day(learned, zone), found.written_business_days)
        said.append(Due("written", f"in writing within {found.written_business_days} working days", end_of_day(last, zone)))
    return said
