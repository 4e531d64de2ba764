"""Small numbers, held: files, functions, names, and words about every public thing."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from statistics import median, quantiles

from .source import ROOMS, ROOT, Function, files, functions, name, tree

LONGEST_FILE, LONGEST_FUNCTION = 400, 40
FORBIDDEN_NAMES = {"utils", "helpers", "services", "signals", "common", "misc", "tools"}
CODE = ["config", "ops", "bench", *ROOMS]


def _length(node: Function) -> int:
    """Lines of a function without its decorators and its docstring."""
    end, start = node.end_lineno or node.lineno, node.lineno
    words = node.body[0]
    told = isinstance(words, ast.Expr) and isinstance(words.value, ast.Constant) and isinstance(words.value.value, str)
    return end - start + 1 - ((words.end_lineno or 0) - words.lineno + 1 if told else 0)


def _written_by_hand() -> list[Path]:
    kinds = ("*.py", "*.js", "*.css", "*.html")
    places = [*CODE, "tests", "static", "templates"]
    return [path for place in places for kind in kinds for path in (ROOT / place).rglob(kind) if "vendor" not in path.parts]


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {name(path): len(path.read_text().splitlines()) for path in _written_by_hand()}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    lengths = {f"{name(path)}:{node.name}": _length(node) for path in files(*ROOMS) for node in functions(path)}
    assert {place: length for place, length in lengths.items() if length > LONGEST_FUNCTION} == {}
    assert median(lengths.values()) <= 7
    assert quantiles(lengths.values(), n=10)[-1] <= 23


def test_files_are_short() -> None:
    lengths = [len(path.read_text().splitlines()) for path in files(*ROOMS)]
    assert quantiles(lengths, n=10)[-1] <= 250


def test_no_file_is_a_junk_drawer() -> None:
    assert [name(path) for path in files(*CODE) if path.stem in FORBIDDEN_NAMES or path.parent.name in FORBIDDEN_NAMES] == []


def _public(path: Path) -> list[Function | ast.ClassDef]:
    every = [node for node in tree(path).body if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_")]
    return [node for node in every if node.name != "Command"]  # says it in ``help``, as Django wants


def test_every_file_and_everything_public_in_it_says_what_it_is() -> None:
    silent = [f"{name(path)}:{node.lineno} {node.name}" for path in files(*CODE) for node in _public(path) if not ast.get_docstring(node)]
    assert silent == []
    assert [name(path) for path in files(*CODE) if path.read_text().strip() and not ast.get_docstring(tree(path))] == []


_REASON = re.compile(r"(\[[\w, -]+\]|: ?[A-Z]+\d+(, ?[A-Z]+\d+)*)\s*(#\s*\w|\()")


def test_every_exemption_gives_its_reason() -> None:
    """``noqa`` and ``type: ignore`` name their rule and are followed by words."""
    bare = []
    for path in files(*CODE, "tests"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            exempt = re.search(r"#\s(?:noqa|type: ignore)(.*)", line)
            if exempt and not _REASON.search(exempt[1]):
                bare.append(f"{name(path)}:{number}")
    assert bare == []


def test_nothing_is_put_off() -> None:
    assert [name(path) for path in files(*CODE) if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", path.read_text())] == []


def test_no_test_is_skipped() -> None:
    marks = {"skip", "skipif", "xfail", "importorskip"}
    nodes = [(path, node) for path in files("tests") for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)]
    assert [f"{name(path)}:{node.lineno}" for path, node in nodes if node.attr in marks] == []
