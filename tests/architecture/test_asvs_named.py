"""Each test that tests/proofs/asvs.txt names is there under its name: a requirement does not lose what shows it in silence."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.proofs.asvs import requirements

from .source import ROOT, tree


def _named(path: Path) -> set[str]:
    """The tests of a file, those of a class with its name before theirs."""
    found = set()
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
    return found


def missing(nodes: list[str]) -> list[str]:
    """Those of ``nodes`` that name no file, or no test in it."""
    parts = [(node, ROOT / node.partition("::")[0], node.partition("::")[2]) for node in nodes]
    return [node for node, path, test in parts if not path.is_file() or test not in _named(path) or "::test_" not in node]


def test_every_test_that_shows_a_requirement_is_there() -> None:
    nodes = sorted({node for each in requirements() for node in each.nodes})
    assert len(nodes) > 150
    assert missing(nodes) == []
    assert missing(["tests/architecture/test_asvs_named.py::test_that_nobody_wrote"]) != []


def test_every_line_says_what_shows_it_or_why_nothing_does() -> None:
    assert [each.ident for each in requirements() if bool(each.nodes) == bool(each.why) or each.why.strip() != each.why] == []
    assert len({each.ident for each in requirements()}) == len(requirements())
