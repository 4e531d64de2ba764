"""What the tests of this room share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audit.clock import today
from clients.models import Client
from disclosures import actions
from disclosures.models import Disclosure
from practice.models import User
from tests.cast import acting
from tests.clients.conftest import ask, lines

__all__ = ["ask", "lines"]

WHAT = "Dates of sessions, and the plum ladder letter."
BOARD = {"agency": "The board of counselors", "authority": "Its letter of 3 May"}
Recorded = Callable[..., Disclosure]


@pytest.fixture
def recorded(ana: User, cleo: Client) -> Recorded:
    """``recorded(…)``: an entry of Cleo's accounting, as Ana writes it down; to a licensing board, unless said otherwise."""

    def recorded(client: Client = cleo, by: User = ana, **given: Any) -> Disclosure:
        said = {"on": today(), "basis": "oversight", "recipient": "The Marigold Board", "description": WHAT, "purpose": "An audit"}
        given = {"details": BOARD if given.get("basis", "oversight") == "oversight" else {}} | given
        with acting(by):
            return actions.record(client, actions.Entry(**(said | given)), by=by)

    return recorded
