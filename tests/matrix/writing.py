"""What the room of messages adds to the things of the matrix."""

from __future__ import annotations

import uuid
from typing import Any

from audit import clock
from messaging import actions
from messaging.models import Away, Thread
from practice.models import User
from tests.cast import acting
from tests.committed import House
from tests.records.uploads import picture

OF_MESSAGES = ("cleos_thread", "cleos_office", "gus_thread", "empty_thread", "cleos_file", "cleos_picture", "anas_absence")


def _sent(thread: Thread, by: User, text: str, *files: actions.File) -> Any:
    with acting(by):
        row = Thread.objects.select_related("client", "person").get(pk=thread.pk)
        return actions.send(row, text, files, by=by, version=0, ident=uuid.uuid4())


def threads(house: House) -> dict[str, Any]:
    """Cleo writes to the care team, with files, and to the office; Mia's guardian writes; Ana is away, and Ben covers without access."""
    cleo, gus = house.portal_cleo, house.gus
    with acting(cleo):
        made = {"cleos_thread": actions.begin_thread(house.cleo, cleo, "care", by=cleo)}
        made["cleos_office"] = actions.begin_thread(house.cleo, cleo, "office", by=cleo)
    with acting(gus):
        made["gus_thread"] = actions.begin_thread(house.mia, gus, "care", by=gus)
        made["empty_thread"] = actions.begin_thread(house.mia, gus, "office", by=gus)
    files = actions.File("of the mauve bridge.txt", b"She spoke of the mauve bridge."), actions.File("a.png", picture("PNG"))
    sent = _sent(made["cleos_thread"], cleo, "He waits at the mauve bridge.", *files)
    _sent(made["cleos_office"], cleo, "Can we move Monday, says the umber stair?")
    _sent(made["gus_thread"], gus, "She is late at the khaki silo.")
    with acting(house.ana):
        actions.save_draft(made["gus_thread"], "Dear Gus, of the jade ferry.", by=house.ana, version=0)
    with acting(cleo):
        made["cleos_file"], made["cleos_picture"] = sent.attachments.order_by("position")
    with acting(house.ana):
        made["anas_absence"] = absence(house)
    return made


def absence(house: House) -> Away:
    """Ana is away today."""
    today = clock.today()
    return actions.be_away(today, today, house.ben, by=house.ana)
