"""``manage.py access_matrix``: docs/access-matrix.md, from the signs on the doors and the policy that the tests hold them to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.urls import URLResolver, get_resolver

from audit.doors import Rule, sign_of

TARGET = Path(settings.ROOT) / "docs" / "access-matrix.md"
POLICY = Path(settings.ROOT) / "tests" / "matrix" / "policy.txt"

HEAD = """# Who may open which page

Made by `python manage.py access_matrix --write` from the doors themselves; a test fails when it is out of date.
*Door*: reads, lists, changes, exports, or public. *Who may* is the first line of the rule behind the door, which is one
queryset in the room's `access.py`: whoever is not in it gets 404 and leaves a refused line. *Tried with* is what
`tests/matrix` tries with everybody of the cast: Ana counsels Cleo and Mia, Sofia supervises Ana, Ben counsels Bruno, Lena
counseled Cleo once, Dee is at the front desk, Ada is the admin, Root has the superuser flag, Gus is Mia's guardian.

| Page | Path | Door | Who may | Rule | Tried with |
|---|---|---|---|---|---|
"""


def _routes(resolver: URLResolver, start: str = "/") -> Iterator[tuple[str, str, Any]]:
    for entry in resolver.url_patterns:
        path = start + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _routes(entry, path)
        else:
            yield entry.name or "", path, entry.callback


def _tried() -> dict[str, str]:
    """What policy.txt says of each route, in one cell."""
    found: dict[str, list[str]] = {}
    for line in POLICY.read_text().splitlines() if POLICY.exists() else []:
        if line.strip() and not line.startswith("#"):
            route, thing, who = (part.strip() for part in line.split("|"))
            found.setdefault(route, []).append(who if thing == "-" else f"{thing}: {who}")
    return {route: "; ".join(cells) for route, cells in found.items()}


def _rule(rule: Rule | None) -> str:
    return f"`{rule.__module__.removesuffix('.access')}.{rule.__name__}`" if rule else ""


def _row(name: str, path: str, view: Any, tried: str) -> str:
    sign = sign_of(view)
    if sign is None:
        return f"| {name} | `{path}` | **none** | | | {tried} |"
    rules = " within ".join(filter(None, (_rule(sign.rule), _rule(sign.within))))
    return f"| {name} | `{path}` | {sign.kind} | {sign.why} | {rules} | {tried} |"


def document() -> str:
    """The whole of docs/access-matrix.md."""
    tried = _tried()
    rows = [_row(name, path, view, tried.get(name, "")) for name, path, view in sorted(_routes(get_resolver()), key=lambda route: route[1])]
    return HEAD + "\n".join(rows) + "\n"


class Command(BaseCommand):
    help = "Print the access matrix, or write it to docs/access-matrix.md."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--write`` writes the file instead of printing."""
        parser.add_argument("--write", action="store_true", help="write docs/access-matrix.md")

    def handle(self, *args: Any, write: bool = False, **options: Any) -> None:
        """Print or write."""
        if write:
            TARGET.write_text(document())
        else:
            self.stdout.write(document(), ending="")
