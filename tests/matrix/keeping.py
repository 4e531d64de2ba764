"""What the room of holding on and letting go adds to the things of the matrix."""

from __future__ import annotations

from typing import Any

from retention import actions
from tests.cast import acting
from tests.committed import House

OF_RETENTION = ("cleos_hold", "hold_on_all")


def kept_longer(house: House) -> dict[str, Any]:
    """Cleo's record is on hold by Ana, and every record by Ada."""
    with acting(house.ana):
        made = {"cleos_hold": actions.place(house.cleo, "court", "A lawyer wrote of the beige anchor.", by=house.ana)}
    with acting(house.ada):
        return made | {"hold_on_all": actions.place(None, "inquiry", "The board asks.", by=house.ada)}
