"""What hands do to consult somebody, for tests of this room and those to its right."""

from __future__ import annotations

import datetime
from typing import Any

from audit import clock
from clients.models import Client
from practice.models import User
from supervision import actions
from supervision.models import Consultation
from tests.cast import acting

QUESTION = "Is silence about the vermilion ladder a reason to wait?"


def held(**more: Any) -> actions.Held:
    """A consultation with a lawyer, who is not told who it is; ``more`` says otherwise."""
    today: datetime.date = clock.today()
    return actions.Held(
        **{"held_on": today, "relation": "lawyer", "basis": "deidentified", "question": QUESTION, "who": "Roa, attorney"} | more
    )


def recorded(client: Client | None, by: User, **more: Any) -> Consultation:
    """Written down by ``by``."""
    with acting(by):
        return actions.record(client, held(**more), by=by)


def advised_on(kind: str, row: Any, by: User) -> Consultation:
    """Somebody of outside advised on ``row``."""
    return recorded(getattr(row, "client", None), by, about=f"{kind}:{row.pk}", advice="Wait, and write down why.")
