"""Asking pages as somebody of the cast. Here nobody has signed anything yet: every test says itself what was asked, and of whom."""

from __future__ import annotations

import pytest

from tests.cast import Intake
from tests.clients.conftest import Ask, Lines, ask, lines, text_of

__all__ = ["Ask", "Lines", "ask", "intake", "lines", "text_of"]


@pytest.fixture
def intake() -> Intake:
    """Nothing was told or signed at intake."""
    return lambda client, counselor: None
