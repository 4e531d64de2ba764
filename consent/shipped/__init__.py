"""The templates we ship: our own words for each kind of form, to be reviewed, filled in and approved by each practice.

A template is TOML between two lines of ``+++``, then Markdown in clauses. A clause whose heading says ``when-FLAG`` belongs only
to practices with that flag of the profile. What only the practice knows stands in ((double brackets)): approval waits for it.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from consent.clauses import clauses

HERE = Path(__file__).resolve().parent
_HEADING = re.compile(r"(?m)^(?=## )")
_WHEN = re.compile(r" when-([a-z0-9_]+)")


@dataclass(frozen=True)
class Template:
    """One template in one language; ``pieces`` are its clauses as Markdown, each with the flag it needs (empty: none)."""

    name: str
    language: str
    kind: str
    title: str
    renewal_months: int | None
    pieces: tuple[tuple[str, str], ...]

    def text(self, flags: frozenset[str] = frozenset()) -> str:
        """The Markdown for a practice with these flags."""
        return "".join(piece for flag, piece in self.pieces if not flag or flag in flags).strip() + "\n"

    def clause_for(self, key: str) -> str:
        """The Markdown of the clause that covers ``key`` of a checklist; empty where none does."""
        found = [piece for _, piece in self.pieces if any(key in clause.covers for clause in clauses(piece))]
        return found[0].strip() + "\n" if found else ""


@cache
def templates() -> tuple[Template, ...]:
    """Every template, English first, in the order of packets.toml."""
    order = list(packets_toml()["order"])
    languages = ["en", *sorted(path.name for path in HERE.iterdir() if path.is_dir() and path.name not in ("en", "__pycache__"))]
    paths = [HERE / language / f"{name}.md" for language in languages for name in order]
    return tuple(_read(path) for path in paths if path.exists())


def template(name: str, language: str = "en") -> Template | None:
    """The template of that name, or None."""
    return next((each for each in templates() if (each.name, each.language) == (name, language)), None)


@cache
def packets_toml() -> dict[str, list[str]]:
    """``order``: the names of all templates. ``packets``: tables of name, client_kinds and forms."""
    return tomllib.loads((HERE / "packets.toml").read_text())


def _read(path: Path) -> Template:
    _, front, body = path.read_text().split("+++\n", 2)
    facts = tomllib.loads(front)
    pieces = tuple(_piece(part) for part in _HEADING.split(body) if part.strip())
    return Template(path.stem, path.parent.name, facts["kind"], facts["title"], facts.get("renewal_months"), pieces)


def _piece(part: str) -> tuple[str, str]:
    """The flag that a clause needs, and the clause without that mark."""
    heading, _, rest = part.partition("\n")
    needed = _WHEN.search(heading)
    return (needed[1] if needed else ""), f"{_WHEN.sub('', heading)}\n{rest}"
