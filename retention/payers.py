"""What payers and promises ask for, as periods beside those of the states (RET-13, RET-20)."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

from django.db.models import Q

from clients.models import Client
from practice.deadlines import after_years
from records.retention import Period, Rule

from .models import Longer

PROMISE = "promise"
RULE = "RET-13"


@dataclass(frozen=True)
class Payer:
    """One of them: how many years, counted from the last service or from the end of the contract."""

    name: str
    source: str
    years: int
    anchor: str
    mark: str


@cache
def payers() -> dict[str, Payer]:
    """Every payer whose period is known, by key."""
    told = tomllib.loads((Path(__file__).parent / "law" / "payers.toml").read_text())
    told.pop("checked")
    return {key: Payer(**said) for key, said in told.items()}


def name_of(asks: str) -> str:
    """Who asks, in words."""
    return payers()[asks].name if asks in payers() else "what was promised"


def period(row: Longer, last_on: datetime.date) -> Period:
    """What ``row`` asks for, where the last service was on ``last_on``."""
    said = row.said
    day = datetime.date.fromisoformat(said["day"]) if said["day"] else None
    payer = payers().get(said["asks"])
    if payer is None:
        assert day
        return Period(
            Rule(RULE, name_of(PROMISE), "The practice's own word or contract", 0, "day", "as written down"), day, "the day itself"
        )
    start = day if payer.anchor == "contract" and day else last_on
    rule = Rule(RULE, payer.name, payer.source, payer.years, payer.anchor, payer.mark)
    words = f"{payer.years} years from {start:%-d %b %Y}" + (", when the contract ended" if start == day else "")
    return Period(rule, after_years(start, payer.years, "later"), words)


def of(clients: Iterable[UUID]) -> list[Longer]:
    """What is asked for the records of ``clients``, and did not end."""
    return list(Longer.objects.filter(client__in=clients, ended_at=None).order_by("at", "pk"))


def changed(client: UUID, since: datetime.datetime) -> bool:
    """Whether something was written down or ended since, so that the record is to be counted anew."""
    return Longer.objects.filter(Q(at__gt=since) | Q(ended_at__gt=since), client=client).exists()


def asked(client: Client, rows: Sequence[UUID], last_on: datetime.date) -> list[Period]:
    """The periods of one person, under all their ``rows``, for the page of the record (records.keeping.more)."""
    return [period(row, last_on) for row in of(rows)]
