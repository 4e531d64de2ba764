"""What the room of transfers adds to the things of the matrix."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from audit import clock
from tests.cast import acting
from tests.committed import House
from transfers import actions

OF_TRANSFERS = ("cleos_transfer", "anas_leaving")


def offers(house: House) -> dict[str, Any]:
    """Cleo is offered to Ben, who has not answered; and Ana leaves today."""
    today = timezone.localdate(clock.now())
    telling = actions.Telling("told", today, "person", "She asked about the cerise kite.")
    with acting(house.ana):
        asked = actions.Offer(house.ben, "workload", "Two evenings, says the cerise kite.", today, ["documents"], telling)
        made = {"cleos_transfer": actions.offer(house.cleo, asked, by=house.ana)}
    with acting(house.ada):
        return made | {"anas_leaving": actions.begin(house.ana, today, by=house.ada)}
