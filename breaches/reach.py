"""Looking in the trail for whom an incident concerns: what is asked, and in one statement the clients whose data was reached, and how."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Max, Min, Q, QuerySet

from audit.models import Act, Event
from practice.models import Practice

# What a person may have reached data by; a refusal reached none, and what the house does by itself is nobody's looking.
ACTS = {
    "read": ("Opened", [Act.READ, Act.BREAK_GLASS]),
    "list": ("Listed", [Act.LIST]),
    "export": ("Exported or sent", [Act.EXPORT]),
    "change": ("Changed", [Act.CHANGE]),
}
WIDE = datetime.timedelta(days=400)  # a span for an account
NARROW = datetime.timedelta(days=92)  # without one the span alone bounds the search
_OURS = "breaches."  # our own looking for whom it concerns concerns nobody


@dataclass(frozen=True)
class Sought:
    """An account (or several), a sign-in, an address or a thing, and a span. All that is said must hold."""

    since: datetime.datetime
    until: datetime.datetime
    acts: tuple[str, ...]
    accounts: tuple[UUID, ...] = ()
    session: str = ""
    address: str = ""
    thing: UUID | None = None

    @property
    def condition(self) -> Q:
        """The condition on lines."""
        acts = [act for name in self.acts for act in ACTS[name][1]]
        found = Q(at__gte=self.since, at__lt=self.until, act__in=acts, client_id__isnull=False) & ~Q(what__startswith=_OURS)
        asked: dict[str, Any] = {
            "actor_id__in": list(self.accounts), "session": self.session, "address": self.address or None, "what_id": self.thing,
        }  # fmt: skip
        return found & Q(**{name: value for name, value in asked.items() if value})


def reached(lines: QuerySet[Event], sought: Sought) -> QuerySet[Any, Any]:
    """Of ``lines`` for each client: how many, first and last, which acts and parts. One statement, bounded by an index on the lines."""
    found = lines.order_by().filter(sought.condition).values("client_id")
    return found.annotate(
        lines=Count("id"), first_at=Min("at"), last_at=Max("at"), acts=ArrayAgg("act", distinct=True), parts=ArrayAgg("part", distinct=True)
    )


def signins(lines: QuerySet[Event], sought: Sought) -> QuerySet[Any, Any]:
    """The sign-ins and addresses from which all that was done, the busiest first, to narrow the search."""
    found = lines.order_by().filter(sought.condition).exclude(session="").values("session", "address")
    return found.annotate(lines=Count("id"), clients=Count("client_id", distinct=True), first_at=Min("at"), last_at=Max("at")).order_by(
        "-lines"
    )


def home_country(practice: Practice) -> str:
    """The practice's own country, as far as its profile tells."""
    if practice.states or practice.is_covered_entity:
        return "US"
    flags = (("uk_gdpr", "GB"), ("gdpr", "EU"), ("pipeda", "CA"), ("au_privacy", "AU"))
    return next((code for flag, code in flags if getattr(practice, flag)), "US")
