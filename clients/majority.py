"""When somebody comes of age, and from when a minor may consent alone: pure arithmetic on clients/law/majority.toml.

A day begins at 00:00 where the practice is; with it authority over a former minor ends, without any job (IC-32).
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

_FILE = Path(__file__).with_name("law") / "majority.toml"


@cache
def _law() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text())


def age_of_majority(states: Collection[str]) -> int:
    """The age in years at which a client of a practice in ``states`` (postal codes) is of age.

    In several states the lowest counts: nobody keeps authority over somebody who may be their own master.
    """
    law = _law()["majority"]
    return min((int(law.get(state, law["default"])["age"]) for state in states), default=int(law["default"]["age"]))


def age_alone(states: Collection[str]) -> int | None:
    """The age from which a minor may consent to counseling alone; None where not every one of ``states`` is known to allow it (IC-31)."""
    law = _law()["alone"]
    if not states or not all(state in law for state in states):
        return None
    return max(int(law[state]["age"]) for state in states)


def limits_alone(states: Collection[str]) -> list[str]:
    """What the law of ``states`` adds to that, as sentences to show to whoever decides."""
    law = _law()["alone"]
    return [f"{state}: {law[state]['limits']}" for state in sorted(states) if law.get(state, {}).get("limits")]


def birthday(born: datetime.date, years: int) -> datetime.date:
    """The day ``years`` are completed. Whoever was born on 29 February completes them, in other years, with the end of the 28th."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return datetime.date(born.year + years, 3, 1)


def begins(day: datetime.date, zone: ZoneInfo) -> datetime.datetime:
    """The first moment of ``day`` in ``zone``, in UTC. Where clocks skip midnight, it is the moment they skip."""
    return datetime.datetime.combine(day, datetime.time(), tzinfo=zone).astimezone(datetime.UTC)


def comes_of_age(born: datetime.date, states: Collection[str], zone: ZoneInfo) -> datetime.datetime:
    """The moment from which somebody born on ``born`` decides for themself: 00:00 in ``zone`` on the majority date."""
    return begins(birthday(born, age_of_majority(states)), zone)
