"""What the tests of this room share."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from audit import clock
from clients.models import Client
from practice.models import User
from tests.cast import acting
from tests.clients.conftest import ask, lines
from transfers import actions
from transfers.models import Transfer

__all__ = ["ask", "lines"]

WHY = "She needs evenings, by the teal harbor."
Offered = Callable[..., Transfer]


def today(days: int = 0) -> datetime.date:
    return clock.today() + datetime.timedelta(days=days)


def told() -> actions.Telling:
    return actions.Telling("told", today(), "person", "She is fine with the amber step.")


@pytest.fixture
def offered(ana: User, ben: User, cleo: Client) -> Offered:
    """``offered(…)``: Cleo is offered to Ben by Ana, told, unless said otherwise."""

    def offered(client: Client = cleo, by: User = ana, **given: Any) -> Transfer:
        said = {"to": ben, "ground": "wish", "reason": WHY, "ends_on": today(14), "telling": told()} | given
        with acting(by):
            return actions.offer(client, actions.Offer(**said), by=by)

    return offered
