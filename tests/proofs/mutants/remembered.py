"""What former runs found: which test killed a mutant, which mutants no test has killed yet, and which change nothing."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
KILLERS = HERE / "killers.txt"
ALIVE = HERE / "alive.txt"
EQUIVALENT = HERE / "equivalent.txt"


def lines(path: Path) -> dict[str, str]:
    """What stands behind each name, which may have a bar in it; lines that begin with # are for people."""
    told = path.read_text().splitlines() if path.exists() else []
    return {name: words for name, _, words in (line.rpartition(" | ") for line in told if line and not line.startswith("#"))}
