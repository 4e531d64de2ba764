"""What is said before somebody writes: where to turn in a crisis, as data (crisis.toml)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from practice.models import Practice


@cache
def places() -> list[dict[str, Any]]:
    """Every place with its words, its source and when it was checked; the first that holds is shown."""
    return list(tomllib.loads(Path(__file__).with_name("crisis.toml").read_text())["place"])


def crisis(practice: Practice) -> str:
    """The words for whoever writes to ``practice``: by where it works, and what it says itself."""
    told = next(place["words"] for place in places() if not place["when"] or getattr(practice, place["when"]))
    return f"{told} {practice.crisis_words}".strip()
