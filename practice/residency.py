"""Where records must be kept, by the practice's states (practice/law/residency.toml), against where this house says it is (DATA_REGION)."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

_FILE = Path(__file__).parent / "law" / "residency.toml"


@cache
def _law() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text())


def elsewhere(states: Collection[str]) -> dict[str, Any]:
    """The first law of one of ``states`` (postal codes) that this house does not keep, or says nothing of; empty where all are kept."""
    asked = (law | {"state": state} for state, law in _law().items() if state in states)
    return next((law for law in asked if law["country"] != settings.DATA_REGION), {})
