"""Paper in the matrix: Cleo's file, which Dee asks to take out of the house, and Ana's psychotherapy notes behind a lock of their own."""

from __future__ import annotations

import datetime
from typing import Any

from audit import clock
from paper import actions
from tests.cast import acting
from tests.committed import House

OF_PAPER = ("cleos_paperfile", "anas_paperfile", "asked_checkout")


def papers(house: House) -> dict[str, Any]:
    """A cabinet for all, one for Ana alone, and a file in each."""
    ada, ana, dee = house.ada, house.ana, house.dee
    with acting(ada):
        locks = actions.add_lock("L1", by=ada), actions.add_lock("L2", by=ada, originator=ana)
        shared, own = (actions.add_cabinet(name, "Room 2", lock, by=ada) for name, lock in zip("BP", locks, strict=True))
        actions.give_key(locks[0], dee, by=ada)
        actions.give_key(locks[1], ana, by=ada)
    with acting(ana):
        apart = actions.add_file(house.cleo, own, by=ana, apart=True)
    with acting(dee):
        file = actions.add_file(house.cleo, shared, by=dee)
        trip = actions.Trip("A hearing", "The court", clock.now() + datetime.timedelta(hours=9), True, "locked")
        asked = actions.take_out(file, trip, by=dee)
    return {"cleos_paperfile": file, "anas_paperfile": apart, "asked_checkout": asked}
