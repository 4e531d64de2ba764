"""One client who is offered to a colleague and waits for the answer."""

from __future__ import annotations

import datetime

from audit import clock
from transfers import actions

from .people import days_ago
from .waiting import Desk

WHY = "Evenings only from next month, and I have none left. A steady client; we agreed on whom to ask."
SAID = "Fine with it. Asked whether the first hour can be with both of us."


def leave(key: str, desk: Desk) -> None:
    """Offer the client of the story "declan" to Ana; nothing for the others."""
    if key != "declan":
        return
    day = clock.today()
    with desk.acting(desk.by, days_ago(1)):
        telling = actions.Telling("told", day - datetime.timedelta(days=2), "person", SAID)
        asked = actions.Offer(desk.people["ana"], "workload", WHY, day + datetime.timedelta(days=13), telling=telling)
        actions.offer(desk.client, asked, by=desk.by)
