"""The eighteen identifiers as data: identifiers.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Identifier:
    """One of the eighteen: its letter, what it is, what is offered in its place, and what it looks like."""

    letter: str
    words: str
    instead: str
    patterns: tuple[re.Pattern[str], ...]

    @property
    def citation(self) -> str:
        """Where it stands."""
        return f"{_read()['citation']}({self.letter})"


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("identifiers.toml").read_text())


@cache
def identifiers() -> dict[str, Identifier]:
    """All eighteen, by letter."""
    found = {key: said for key, said in _read().items() if isinstance(said, dict)}
    return {
        key: Identifier(key, said["words"], said["instead"], tuple(re.compile(each, re.IGNORECASE) for each in said["patterns"]))
        for key, said in found.items()
    }


@cache
def not_names() -> frozenset[str]:
    """Words with a capital letter that are no names."""
    return frozenset(_read()["not_names"])


def limits() -> tuple[int, int, int]:
    """For how many days a view stands: at least, unless chosen otherwise, at most."""
    least, offered, most = _read()["limits"]
    return least, offered, most


@cache
def page_limits() -> dict[str, int]:
    """For how many days a page of outside stands (at most, and unless chosen otherwise), and how many wrong tries close it."""
    return dict(tomllib.loads(Path(__file__).with_name("consultations.toml").read_text())["page"])
