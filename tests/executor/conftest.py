"""What the tests of this room share: Ana's plan, in which Ben is the custodian and Sofia the deputy."""

from __future__ import annotations

import pytest

from executor.models import Activation, Plan
from practice.models import User
from tests.clients.conftest import ask, lines

from .made import in_force, opened

__all__ = ["ask", "lines"]


@pytest.fixture
def plan(ana: User, ben: User, sofia: User) -> Plan:
    """Ana's, in force; it opens all that a plan can."""
    return in_force(ana, ben, sofia)


@pytest.fixture
def open_(plan: Plan, ben: User, ada: User, cleo: object) -> Activation:
    """Ben asked, Ada released it a while ago, and Ben made the list of Ana's clients."""
    return opened(plan, ben, ada)
