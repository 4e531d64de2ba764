"""Doors that let everybody through: another rule, no sign-in, no fresh proof. The view behind stays the same."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator
from functools import partial
from typing import Any

from audit.doors import Sign, sign_of
from tests.architecture.routes import Route, routes
from tests.architecture.source import ROOT

from .mutant import Mutant


def _cells(function: Any) -> dict[str, Any]:
    return dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))


def _door(view: Any) -> Any:
    """The function that a door made, below whatever stands around it."""
    while hasattr(view, "__wrapped__") and not {"walk", "sign"} <= set(_cells(view)):
        view = view.__wrapped__
    return view


def _all_of(rule: Any, user: Any) -> Any:
    """Every row there is, as ``rule`` would dress it."""
    return rule(user).model._base_manager.all()


def _open(door: Any) -> None:
    """The rule of this door finds everything."""
    walk = _cells(door)["walk"].cell_contents
    for name, cell in _cells(walk).items():
        if name == "rule":
            cell.cell_contents = partial(_all_of, cell.cell_contents)
        elif name == "sign" and isinstance(cell.cell_contents, Sign):
            sign = cell.cell_contents
            parts = {part: partial(_all_of, rule) for part in ("rule", "within") if (rule := getattr(sign, part))}
            cell.cell_contents = dataclasses.replace(sign, **parts)


def _unlock(view: Any) -> None:
    """Nobody needs to be signed in for this page."""
    view.login_required = False


def _waive(door: Any, view: Any) -> None:
    """No fresh proof of who they are is asked."""
    _cells(door)["view"].cell_contents = view


def mutants() -> Iterator[Mutant]:
    """For each route with a door: its rule lets all through; its page needs no sign-in; its fresh proof is not asked."""
    for route in routes():
        sign = sign_of(route.view)
        if not sign or sign.kind == "public":
            continue
        door, touches = _door(route.view), frozenset({f"route {route.name}"})
        cells = _cells(door)
        if "walk" in cells:
            yield Mutant(f"door {route.name}: opens to everybody", _where(cells["view"].cell_contents), touches, partial(_open, door))
        yield Mutant(f"door {route.name}: needs no sign-in", _where(route.view), touches, partial(_unlock, route.view))
        yield from _waived(route, door, touches)


def _waived(route: Route, door: Any, touches: frozenset[str]) -> Iterator[Mutant]:
    view = _cells(door).get("view")
    if view and view.cell_contents.__code__.co_name == "guarded":
        real = _cells(view.cell_contents)["view"].cell_contents
        yield Mutant(f"door {route.name}: asks for no fresh proof", _where(real), touches, partial(_waive, door, real))


def _where(view: Any) -> str:
    real = inspect.unwrap(view)
    path, line = inspect.getsourcefile(real) or "", real.__code__.co_firstlineno
    return f"{path.removeprefix(f'{ROOT}/')}:{line}"
