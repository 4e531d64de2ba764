"""Which tests could notice a hole: read from the rules, the routes and the words of the tests, so that nothing must be run for it."""

from __future__ import annotations

import ast
import inspect
import re
from collections import Counter
from functools import cache
from typing import Any

import pytest
from django.apps import apps

from audit.doors import sign_of
from tests.architecture.routes import routes

from .code import functions
from .mutant import Mutant

ALONE = "::test_t01b_"  # each lock asked alone: what most mutants are killed by
HANGS = f"{ALONE}a_rule_hangs_on"


def simple(name: str) -> str:
    """The last part of a dotted name."""
    return name.rpartition(".")[2]


@cache
def _users() -> dict[str, set[str]]:
    """By name of a function: those that call it."""
    found: dict[str, set[str]] = {}
    for name, _, tree, _ in functions():
        for node in ast.walk(tree):
            used = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
            found.setdefault(used, set()).add(simple(name))
    return found


@cache
def reach(name: str) -> frozenset[str]:
    """The functions whose answer may change with that of ``name``."""
    found, todo = {name}, [name]
    while todo:
        for each in _users().get(todo.pop(), set()) - found:
            found.add(each)
            todo.append(each)
    return frozenset(found)


@cache
def _asked_by() -> dict[str, set[str]]:
    """Routes by the names of their rules, and by the tables of what these find."""
    found: dict[str, set[str]] = {}
    for route in routes():
        sign = sign_of(route.view)
        for rule in (sign.rule, sign.within) if sign else ():
            if rule is not None:
                found.setdefault(getattr(rule, "__name__", ""), set()).add(route.name)
                for table in _tables(route.view):
                    found.setdefault(f"table {table}", set()).add(route.name)
    return found


@cache
def _models() -> dict[str, str]:
    return {model.__name__: model._meta.db_table for model in apps.get_models()}


def _tables(view: Any) -> set[str]:
    """The tables of the models that the view's module names: a guess, and near enough."""
    text = inspect.getsource(inspect.getmodule(inspect.unwrap(view)) or inspect)
    return {table for name, table in _models().items() if re.search(rf"\b{name}\b", text)}


def words_of(mutant: Mutant) -> frozenset[str]:
    """What a test about this check would name: routes, rules, models."""
    found: set[str] = set()
    for touch in mutant.touches:
        kind, _, name = touch.rpartition(" ")
        if kind == "route":
            found.add(name)
        elif kind == "table":
            found |= {name, *(model for model, table in _models().items() if table == name), *_asked_by().get(touch, set())}
        else:
            rules = reach(simple(name))
            found |= rules | {route for rule in rules for route in _asked_by().get(rule, set())}
    if mutant.alter:
        found.add(mutant.name.split()[1].rpartition(".")[2])  # a policy by its own name
    return frozenset(found)


@cache
def _text(item: pytest.Function) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", inspect.getsource(item.function))) | set(item.fixturenames)


@cache
def _known(items: tuple[pytest.Function, ...]) -> Counter[str]:
    return Counter(word for item in items for word in _text(item))


def likely(mutant: Mutant, items: list[pytest.Function]) -> list[pytest.Function]:
    """``items`` that name something of the check, the most telling first; those of its room last."""
    words, known = words_of(mutant), _known(tuple(items))
    room = re.split(r"[./_]", mutant.where)[0]
    scored = [(-sum(1 / known[word] for word in words & _text(item)), number) for number, item in enumerate(items)]
    told = [items[number] for score, number in sorted(scored) if score]
    return told + [item for item in items if item.nodeid.startswith(f"tests/{room}/") and item not in set(told)]


def conditions(mutant: Mutant, items: list[pytest.Function]) -> list[pytest.Function]:
    """Of the matrix: what the rules hang on that the function is part of."""
    return [item for item in items if HANGS in item.nodeid] if ".access." in mutant.name and not mutant.alter else []


def alone(mutant: Mutant, items: list[pytest.Function]) -> list[pytest.Function]:
    """Of the matrix: each lock asked alone, and who is not signed in."""
    policy = bool(mutant.alter)
    locks = [item for item in items if ALONE + ("plain" if policy else "a_rule_finds") in item.nodeid]
    doors = [item for item in items if ALONE + "a_door" in item.nodeid and ("fresh proof" in mutant.name) == ("fresh" in item.nodeid)]
    outside = [item for item in items if "attack_18" in item.nodeid]
    if mutant.name.startswith("door "):
        return outside if "needs no sign-in" in mutant.name else doors
    return locks if policy or ".access." in mutant.name else []


def cells(mutant: Mutant, items: list[pytest.Function]) -> list[pytest.Function]:
    """The cells of the matrix for routes that ask the check."""
    words = words_of(mutant)
    if mutant.alter or "needs no sign-in" in mutant.name:
        return []
    outside = [] if ".access." in mutant.name or mutant.name.startswith("door ") else ["attack_18", f"{ALONE}a_door"]
    return [item for item in items if any(each in item.nodeid for each in outside)] + [
        item for item in items if getattr(item, "callspec", None) and item.callspec.params.get("route") in words
    ]


def routes_of(mutant: Mutant) -> frozenset[str]:
    """The routes that ask the check."""
    return words_of(mutant) & {route.name for route in routes()}


def narrowed(mutant: Mutant) -> frozenset[str]:
    """What the locks are asked about alone: the table of a policy, or the rules that a function is part of."""
    names = {touch.rpartition(" ")[2] for touch in mutant.touches}
    return frozenset(names) if mutant.alter else frozenset(rule for name in names for rule in reach(simple(name)))
