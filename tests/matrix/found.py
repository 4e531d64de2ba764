"""Who finds anything by each rule, as found.txt has it: the first lock as a matrix of its own, one line a rule."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOUND = Path(__file__).with_name("found.txt")
ASKED = ["ana", "lena", "ada", "portal_cleo", "dee"]


@cache
def finders() -> dict[str, set[str]]:
    """Those of ``ASKED`` who find something, by rule."""
    told = (line.partition("|") for line in FOUND.read_text().splitlines() if line and not line.startswith("#"))
    return {rule.strip(): set(who.split()) - {"nobody"} for rule, _, who in told}
