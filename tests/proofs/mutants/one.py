"""For pytest's -p: one hole is made, and the tests run as ever; some of them must fail. For whoever writes the test that was missing.

MUTANT="consent.access.unanswered: filter without answers=None" make test ARGS="tests/consent -p tests.proofs.mutants.one -x"
"""

from __future__ import annotations

import os
from typing import Any

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Once everything is imported, as rules are put into statements by the first test that asks."""
    from . import code, doors

    name = os.environ["MUTANT"]
    (found,) = (each for each in [*doors.mutants(), *code.mutants()] if each.name == name)
    found.apply()
    print(f"\nwith a hole on purpose: {name}, {found.where}; {len(items)} tests are asked")
