"""The numbers of executor.toml, which says where each comes from and when that was checked."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("executor.toml")


@cache
def law() -> dict[str, Any]:
    """The file as it is."""
    return tomllib.loads(_FILE.read_text())


def _days(part: str, name: str) -> datetime.timedelta:
    return datetime.timedelta(days=int(law()[part][name]))


WARN, ASK, CONFIRM, REMIND = (_days("plan", name) for name in ("warn_days", "ask_days", "confirm_days", "remind_days"))
WAIT = datetime.timedelta(hours=int(law()["activation"]["wait_hours"]))
LASTS = _days("activation", "lasts_days")


def newspaper(states: Collection[str]) -> list[str]:
    """Those of ``states`` that ask for a notice in a newspaper."""
    return sorted(set(states) & law()["newspaper"].keys())
