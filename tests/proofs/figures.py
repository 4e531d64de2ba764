"""The figures that are published, each with how many it is of and what its control showed: gathered while proofs run, printed as one page.

What a proof tells is kept in var/figures.json until the same proof tells it again, with the day and the commit, so that proofs may be run
one at a time.
"""

from __future__ import annotations

import datetime
import json
import subprocess
from pathlib import Path

from tests.conftest import ROOT

KEPT = ROOT / "var" / "figures.json"
COLUMNS = ("found", "many", "control", "day", "commit")
PAGE = ROOT / "var" / "figures.md"
# The twelve of the plan, in its order, and the beginnings of the names of those that belong to each.
WANTED = {
    "1. Wrong cells, and checks whose removal goes unnoticed": ("T01",),
    "2. Planted strings in stolen data": ("T02", "T39"),
    "3. Attacks on the trail": ("T03",),
    "4. Acknowledged saves lost": ("T05", "T07", "T10", "T11", "T12", "T15", "T42"),
    "5. Notices": ("T09", "T13", "T14", "T17"),
    "6. Restore": ("T18",),
    "7. Silent overwrites": ("T19", "T20"),
    "8. Pages after sign-out": ("T33",),
    "9. ASVS 5.0": ("ASVS",),
    "10. Seeded flaws": ("T32",),
    "11. How fast a note is saved": ("p95",),
    "12. Accessibility": ("axe",),
    "Others": ("T04", "T06", "T36", "T40", "T41", "T44"),
}


def figure(name: str, found: object = "", many: str = "", control: str = "") -> None:
    """Keep one figure under ``name`` (it begins with the proof's number): what was found, of how many, and what its control showed.

    A control that is a proof of its own names the same figure and tells no more than itself.
    """
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    told = {"found": str(found), "many": many, "control": control}
    told = {what: words for what, words in told.items() if words} | {
        "day": f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}",
        "commit": commit,
    }
    kept = _kept(KEPT)
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(kept | {name: kept.get(name, {}) | told}, indent=1, sort_keys=True))


def page(kept: dict[str, dict[str, str]]) -> str:
    """The figures as a page of Markdown; one that no proof has told yet says so."""
    rows = [row for title, starts in WANTED.items() for row in _rows(title, starts, kept)]
    return "\n".join(["| Figure | Found | Of how many | Control | Day | Commit |", "|---|---|---|---|---|---|", *rows]) + "\n"


def _rows(title: str, starts: tuple[str, ...], kept: dict[str, dict[str, str]]) -> list[str]:
    mine = [(name, told) for name, told in sorted(kept.items()) if name.startswith(starts)]
    rows = [" | ".join(["", name, *(told.get(what, "") for what in COLUMNS), ""]).strip() for name, told in mine]
    return [f"| **{title}** | | | | | |", *(rows or ["| not told by any proof yet | | | | | |"])]


def _kept(path: Path) -> dict[str, dict[str, str]]:
    return json.loads(path.read_text()) if path.exists() else {}


def written() -> str:
    """The page of all that is kept, also put down at ``PAGE``."""
    text = page(_kept(KEPT))
    PAGE.write_text(text)
    return text
