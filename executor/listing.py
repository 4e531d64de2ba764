"""The limited list as its page shows it: what to call each client, the ways that are safe, the next session. Nothing that was said."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Min

from audit import clock
from clients import reaching
from clients.calling import called
from clients.models import Channel, Client, Purpose
from clients.reaching import NotThisWay
from practice.hours import parsed

from . import access
from .models import Activation, Case, Plan

# How somebody is told, the gentlest first. What is opened is the way that the one deciding function gives, or why there is none.
CHANNELS = (Channel.VOICE, Channel.SMS, Channel.MAIL, Channel.POST)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SOON = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Reached:
    """One channel: the address that may be used, or why none may."""

    channel: Channel
    address: str = ""
    hours: str = ""
    refused: str = ""


@dataclass(frozen=True)
class Line:
    """One client of the list."""

    case: Case
    name: str
    ways: list[Reached] = field(default_factory=list)
    next_at: datetime.datetime | None = None
    ask_for: str = ""
    with_care: bool = False  # somebody at home must not know: read the safe hours first

    @property
    def is_first(self) -> bool:
        """Whether they would stand before a closed door soon: those are called first."""
        return self.next_at is not None and self.next_at <= clock.now() + SOON

    @property
    def open_ways(self) -> list[Reached]:
        """Those that may be used."""
        return [way for way in self.ways if way.address]


def _way(client: Client, channel: Channel) -> Reached:
    try:
        way = reaching.way_to(client, Purpose.SCHEDULING, channel=channel)
    except NotThisWay as no:
        return Reached(channel, refused=f"{no.words} ({no.rule})")
    return Reached(channel, way.address, _hours(way.hours))


def _hours(text: str) -> str:
    """The safe hours in words; empty: always."""
    hours = parsed(text)
    if hours is None:
        return ""
    days = "any day" if len(hours.days) in (0, 7) else ", ".join(_DAYS[day] for day in hours.days)
    return f"{days}, {hours.opens:%H:%M} to {hours.closes:%H:%M} ({hours.zone})"


def _next(user: Any, rows: list[Case]) -> dict[UUID, datetime.datetime]:
    found = access.next_sessions(user).filter(client__in=[case.client_id for case in rows]).order_by()
    return dict(found.values_list("client").annotate(first=Min("starts_at")))


def lines(activation: Activation, found: Iterable[Case], *, by: Any) -> list[Line]:
    """The list as far as the plan opens it to ``by``: whoever has a session soon stands first."""
    opens, rows = activation.plan.opens, list(found)
    soon = _next(by, rows) if Plan.Opens.SESSIONS in opens else {}
    made = [_line(case, Plan.Opens.CONTACT in opens, soon.get(case.client_id)) for case in rows]
    return sorted(made, key=lambda line: (bool(line.case.told), line.next_at is None, line.next_at or clock.now(), line.case.client.code))


def _line(case: Case, reaches: bool, next_at: datetime.datetime | None) -> Line:
    if not reaches:
        return Line(case, called(case.client), next_at=next_at)
    profile = reaching.profile_of(case.client)
    never = any(row.never for row in reaching.standing(case.client))
    ways = [_way(case.client, channel) for channel in CHANNELS]
    care = never or bool(profile and (profile.quick_exit or profile.avoid))
    return Line(case, called(case.client), ways, next_at, profile.voicemail_name if profile else "", care)
