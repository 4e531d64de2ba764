"""What is told of each way of reaching somebody, from clients/law/reaching.toml, with every version that was ever agreed to (CM-3)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("law") / "reaching.toml"


@cache
def _law() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text())


def version() -> str:
    """The version that is told now."""
    return str(_law()["version"])


def risks(channel: str, of: str = "") -> dict[str, str]:
    """Key and sentence of each risk of ``channel``, in the version ``of`` (empty: the one of now)."""
    found: dict[str, str] = _law()["versions"].get(of or version(), {}).get(channel, {})
    return found
