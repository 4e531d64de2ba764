"""Servers of the proofs' own, made once for all of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.committed import House, furnish

from . import figures
from .faults.stand import Stand, moved_in, stand


@pytest.fixture(scope="session")
def stands(django_db_setup: None) -> Iterator[Stand]:
    """PostgreSQL and Redis to be killed, frozen and filled."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's loop lives in this thread; the database is asked one thing at a time
    with stand() as found:
        yield found


@pytest.fixture
def own_house(stands: Stand, django_db_blocker: Any) -> Iterator[tuple[str, House]]:
    """The furnished practice, committed in a database of those servers; its name."""
    with moved_in(stands, django_db_blocker) as name:
        yield name, furnish()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """All figures that are known, as one page."""
    if figures.KEPT.exists():
        terminalreporter.write_line(f"\n{figures.written()}")
