"""What the tests of this room share."""

from __future__ import annotations

import pytest

from tests.clients.conftest import ask

__all__ = ["ask"]


@pytest.fixture(autouse=True)
def trained_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records are let go after years: nobody's training is asked for on the way. That it is asked, tests/safeguards shows (SE-15)."""
    monkeypatch.setattr("clients.actions.team.admitting", [])
