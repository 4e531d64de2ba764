"""What the tests of this room share."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from audit import clock
from breaches import actions
from breaches.models import Incident
from practice.models import User
from tests.cast import acting
from tests.clients.conftest import ask, lines

__all__ = ["ask", "lines"]

Report = Callable[..., Incident]
WHAT = "The letter about the opal compass went to the wrong Ferreira."


@pytest.fixture
def reported(dee: User, ada: User) -> Report:
    """``reported(by=dee, …)``: an incident, noticed an hour ago."""

    def reported(by: User = dee, **given: Any) -> Incident:
        hour_ago = clock.now() - datetime.timedelta(hours=1)
        with acting(by):
            return actions.report(**{"what": WHAT, "by": by, "noticed_at": hour_ago, "going_on": "no"} | given)

    return reported
