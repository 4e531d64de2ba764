"""Asking pages as somebody of the cast. Here nobody has signed anything yet: every test says itself what was asked, and of whom."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from clients import actions as clients
from clients.models import Client
from practice.models import User
from tests.cast import Intake, acting
from tests.clients.conftest import Ask, Lines, ask, lines, text_of

__all__ = ["Ask", "Lines", "ask", "intake", "lines", "text_of"]


@pytest.fixture
def intake() -> Intake:
    """Nothing was told or signed at intake."""
    return lambda client, counselor: None


@pytest.fixture
def twin(ana: User, cleo: Client) -> Client:
    """Cleo, taken in a second time; Ana counsels her there as well, and the two are one."""
    with acting(ana):
        twin = clients.take_in(by=ana, counselor=ana, given_name="Kleopatra", family_name="Vanterpool")
        with patch("practice.factors.is_fresh", return_value=True):
            clients.merge(twin, cleo, by=ana)
        return Client.objects.get(pk=twin.pk)
