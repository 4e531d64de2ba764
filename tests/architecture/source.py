"""The source as trees, for the tests that read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Imports point left only.
ORDER = [
    "vault", "audit", "practice", "upkeep", "clients", "review", "messaging", "consent", "records", "paper", "supervision", "disclosures",
    "breaches", "safeguards", "transfers", "retention", "moving", "executor", "demo",
]  # fmt: skip
ROOMS = [room for room in ORDER if (ROOT / room / "__init__.py").exists()]

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree(path: Path) -> ast.Module:
    """``path`` parsed."""
    return ast.parse(path.read_text())


def files(*places: str, migrations: bool = False) -> list[Path]:
    """Python files of ``places`` (rooms by default), without migrations unless asked for."""
    found = sorted(path for place in places or ROOMS for path in (ROOT / place).rglob("*.py"))
    return [path for path in found if migrations or "migrations" not in path.parts]


def name(path: Path) -> str:
    """The path as it is told in a failure, from the root of the repository."""
    return str(path.relative_to(ROOT))


def room_of(path: Path) -> str:
    """The room a file is in."""
    return path.relative_to(ROOT).parts[0]


def module_of(path: Path) -> str:
    """The dotted name of a file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def functions(path: Path) -> Iterator[Function]:
    """Every function and method in ``path``."""
    yield from (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def imports(path: Path) -> Iterator[tuple[ast.stmt, str]]:
    """Every import in ``path`` with the full dotted name it reaches; ``from x import y`` reaches x and x.y."""
    package = module_of(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, node.module] if node.module else base)
            yield from ((node, f"{start}.{alias.name}") for alias in node.names)
