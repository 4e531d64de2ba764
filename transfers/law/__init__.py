"""What a transfer asks, as data: transfers.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Asked:
    """What one model of ownership asks before a client goes to a colleague."""

    words: str
    citation: str
    rule: str
    consent: bool


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("transfers.toml").read_text())


def asked(ownership: str) -> Asked:
    """What is asked where records belong to ``ownership``: "practice" or "counselor"."""
    return Asked(**_read()[ownership])


def ending() -> tuple[int, int]:
    """After how many days the former access ends unless another day is chosen, and after how many at most."""
    found = _read()["ending"]
    return int(found["days"]), int(found["most"])
