"""By when the month and the quarter are signed, and which accounts sleep: arithmetic on review/law/periods.toml (REV-1, REV-2)."""

from __future__ import annotations

import datetime
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from audit import clock

_FILE = Path(__file__).with_name("law") / "periods.toml"


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text())


def month() -> datetime.date:
    """The first day of this month, where the practice is."""
    return clock.today().replace(day=1)


def quarter() -> datetime.date:
    """The first day of this quarter, where the practice is."""
    today = clock.today()
    return today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1)


def start(day: datetime.date) -> datetime.datetime:
    """The moment ``day`` begins, where the practice is."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def month_due() -> datetime.datetime:
    """By when the month before this one is signed."""
    return start(month() + datetime.timedelta(days=_told()["month"]["days"]))


def quarter_due() -> datetime.datetime:
    """By when this quarter is signed."""
    return start(quarter() + datetime.timedelta(days=_told()["quarter"]["days"]))


def slept() -> datetime.timedelta:
    """After how long without a sign-in an account is dormant."""
    return datetime.timedelta(days=_told()["quarter"]["dormant_days"])
