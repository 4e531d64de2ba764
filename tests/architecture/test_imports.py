"""Imports point left only, inside a room upwards only, and nobody imports the roof."""

from __future__ import annotations

import ast
from pathlib import Path

from .source import ORDER, ROOMS, ROOT, files, functions, imports, module_of, name, room_of, tree

# models <- access <- actions, forms <- views, portal, tasks <- urls
LAYERS = {"models": 0, "access": 1, "actions": 2, "forms": 2, "views": 3, "portal": 3, "tasks": 3, "management": 3, "urls": 4}
PAGES = {"clients.trail": 3}  # a page that is a file of its own


def _layer(module: str) -> int | None:
    parts = module.split(".")
    return PAGES.get(".".join(parts[:2]), LAYERS.get(parts[1]) if len(parts) > 1 else None)


def test_every_room_is_in_the_order() -> None:
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"config", "ops", "bench", "tests"}
    assert found == set(ROOMS)


def test_a_room_imports_only_what_stands_left_of_it() -> None:
    wrong = []
    for path in files():
        closed = {*ORDER, "tests", "ops", "bench"} - {*ORDER[: ORDER.index(room_of(path)) + 1]}
        wrong += [f"{name(path)}:{node.lineno} imports {target}" for node, target in imports(path) if target.split(".")[0] in closed]
    assert wrong == []


def test_the_roof_is_imported_by_nobody() -> None:
    every = files(*ROOMS, "ops", migrations=True)
    assert [f"{name(path)} imports {target}" for path in every for _, target in imports(path) if target.split(".")[0] == "config"] == []


def _inside(path: Path) -> list[str]:
    mine, own = module_of(path), room_of(path)
    layer = _layer(mine)
    if layer is None:  # beside the layers: never above pages, but for what starts the room
        layer = 4 if mine.split(".")[-1] in ("apps", "middleware") else 2
    same_room = [(node, target) for node, target in imports(path) if target.split(".")[0] == own]
    return [f"{name(path)}:{node.lineno} imports {target}" for node, target in same_room if (_layer(target) or 0) > layer]


def test_inside_a_room_imports_go_down_the_layers() -> None:
    assert [wrong for path in files() for wrong in _inside(path)] == []


def test_an_import_inside_a_function_says_why() -> None:
    silent = []
    for path in files(*ROOMS, "config", "ops"):
        lines = path.read_text().splitlines()
        inner = [node for function in functions(path) for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
        silent += [f"{name(path)}:{node.lineno}" for node in inner if "#" not in lines[node.lineno - 1]]
    assert silent == []


def test_nothing_is_imported_by_star() -> None:
    every = files(*ROOMS, "config", "ops")
    nodes = [(path, node) for path in every for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom)]
    assert {name(path) for path, node in nodes if node.names[0].name == "*"} <= {"config/settings.py"}
