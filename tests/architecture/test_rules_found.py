"""Each rule has its line in tests/matrix/found.txt, each route that asks for fresh proof its name in fresh.py."""

from __future__ import annotations

from typing import Any

from tests.matrix.found import finders
from tests.matrix.fresh import FRESH
from tests.matrix.locks import rules

from .routes import routes


def test_every_rule_says_who_finds_anything_by_it_and_no_line_is_left_of_one_that_is_gone() -> None:
    lacking, gone = rules().keys() - finders().keys(), finders().keys() - rules().keys()
    assert not lacking | gone, f"tests/matrix/found.txt lacks {' '.join(lacking)}; gone: {' '.join(gone)}"


def _layers(view: Any) -> list[str]:
    names = [view.__code__.co_name]
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
        names.append(view.__code__.co_name)
    return names


def test_the_routes_that_ask_for_fresh_proof_are_these() -> None:
    """A new one gets its line in tests/matrix/fresh.py, where it is asked; one that is gone is a change of what is asked."""
    assert {route.name for route in routes() if "guarded" in _layers(route.view)} == FRESH
