"""What the tests of this room share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.clients.conftest import ask
from tests.committed import own_database

from .past import Past, furnished

__all__ = ["ask"]


@pytest.fixture(autouse=True)
def trained_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records are let go after years: nobody's training is asked for on the way. That it is asked, tests/safeguards shows (SE-15)."""
    monkeypatch.setattr("clients.actions.team.admitting", [])


@pytest.fixture(scope="module")
def past(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[Past]:
    """A practice with records of long ago, in a database of the module's own."""
    with own_database(django_db_blocker, worker_id) as name:
        with furnished(name) as made:
            pass
        yield made
