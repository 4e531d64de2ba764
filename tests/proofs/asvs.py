"""The requirements of ASVS 5.0 that apply, read from asvs.txt: the level of each, and what shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("asvs.txt")
NOT_SHOWN = "not shown: "
LEVELS = ("L1", "L2", "L3")


@dataclass(frozen=True)
class Requirement:
    """One line: what shows it, or why nothing does."""

    ident: str
    level: str
    nodes: tuple[str, ...]
    why: str


@cache
def requirements() -> tuple[Requirement, ...]:
    """Every line of the list that is no comment."""
    lines = [line for line in LIST.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return tuple(_read(line) for line in lines)


def _read(line: str) -> Requirement:
    ident, level, shown = (part.strip() for part in line.split("|"))
    assert re.fullmatch(r"\d+\.\d+\.\d+", ident), line
    assert level in LEVELS, line
    if shown.startswith(NOT_SHOWN):
        return Requirement(ident, level, (), shown.removeprefix(NOT_SHOWN))
    return Requirement(ident, level, tuple(shown.split()), "")
