"""The practice's profile as every request needs it: read every few seconds, and at once where it is changed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Subquery

from .models import Ownership, Practice

_AGE = 5.0  # seconds another process, here or on another machine, may go on with the former profile


@dataclass(frozen=True)
class Sign:
    """The practice's logo: a mark that changes with it, and its size, so that no page moves when it arrives."""

    mark: str
    width: int
    height: int


@dataclass(frozen=True)
class Profile:
    """What every page and every session asks of the practice."""

    name: str
    zone: ZoneInfo
    idle_minutes: int
    names_staff: bool
    ownership: str  # to whom the records belong; empty until it is chosen
    sign: Sign | None


_read: tuple[float, Profile | None] = (float("-inf"), None)


def profile() -> Profile:
    """The profile, at most ``_AGE`` old."""
    global _read
    at, found = _read
    if found is None or time.monotonic() - at > _AGE:
        found = _load()
        _read = (time.monotonic(), found)
    return found


def forget() -> None:
    """Read the profile again when it is next asked for."""
    global _read
    _read = (float("-inf"), None)


def _load() -> Profile:
    latest = Ownership.objects.order_by("-chosen_at").values("model")[:1]
    rows = Practice.objects.values_list(
        "name", "timezone", "idle_minutes", "names_staff", Subquery(latest), "logo__changed_at", "logo__width", "logo__height"
    )
    name, zone, idle, names, owner, changed_at, width, height = rows.first() or (
        "",
        "",
        settings.SESSION_IDLE_MINUTES,
        True,
        None,
        None,
        0,
        0,
    )
    sign = Sign(f"{changed_at:%Y%m%d%H%M%S%f}", width, height) if changed_at else None
    return Profile(name, zone_of(zone), min(idle, settings.SESSION_IDLE_MINUTES), names, owner or "", sign)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name, or the house's own where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone, or no name of one at all
        return ZoneInfo(settings.TIME_ZONE)
