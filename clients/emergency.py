"""What an opening in an emergency may be: who, how long, how often, reviewed by when. Arithmetic on clients/law/emergency.toml (SE-2)."""

from __future__ import annotations

import datetime
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from practice.deadlines import end_of_business_day
from practice.models import Practice
from practice.profile import zone_of
from practice.roles import Role

_FILE = Path(__file__).with_name("law") / "emergency.toml"


@dataclass(frozen=True)
class Policy:
    """The practice's rules; see the file for the reason of each."""

    roles: tuple[Role, ...]
    minutes: int
    longest: datetime.timedelta
    at_once: int
    misses_a_day: int
    shortest_reason: int
    review_business_days: int


@cache
def policy() -> Policy:
    """The rules as the file has them."""
    told = tomllib.loads(_FILE.read_text())["emergency"]
    numbers = {name: int(told[name]) for name in ("minutes", "at_once", "misses_a_day", "shortest_reason", "review_business_days")}
    roles = tuple(Role(role) for role in told["roles"])
    return Policy(roles=roles, longest=datetime.timedelta(minutes=int(told["longest_minutes"])), **numbers)


def review_due(opened_at: datetime.datetime, practice: Practice) -> datetime.datetime:
    """By when somebody else must have reviewed it: the end of the next business day where the practice is."""
    return end_of_business_day(opened_at, policy().review_business_days, zone_of(practice.timezone), practice.states)
