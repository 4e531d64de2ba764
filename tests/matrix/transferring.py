"""What the room of transfers adds to the things of the matrix."""

from __future__ import annotations

from typing import Any

from audit import clock
from supervision import actions as supervision
from tests.cast import acting, write_note
from tests.committed import House
from transfers import actions

OF_TRANSFERS = ("cleos_transfer", "anas_leaving", "draft_view", "shared_view")


def offers(house: House) -> dict[str, Any]:
    """Cleo is offered to Ben, who has not answered; Ana leaves today, and asks Ben about notes of hers."""
    today = clock.today()
    telling = actions.Telling("told", today, "person", "She asked about the cerise kite.")
    shown = write_note(house.ana, house.cleo, signed=True, text="The kite went up, and she laughed.")
    with acting(house.ana):
        asked = actions.Offer(house.ben, "workload", "Two evenings, says the cerise kite.", today, ["documents"], telling)
        made = {"cleos_transfer": actions.offer(house.cleo, asked, by=house.ana)}
        question = supervision.Asked(house.ben, "What about the russet kite?", [shown.pk], 7)
        made |= {name: supervision.begin(house.cleo, question, by=house.ana) for name in ("draft_view", "shared_view")}
        found = supervision.findings(made["shared_view"], house.ana)
        supervision.settle(made["shared_view"], [supervision.Settled(at, place, instead="[x]") for at, place in found], by=house.ana)
        supervision.share(made["shared_view"], by=house.ana)
    with acting(house.ada):
        return made | {"anas_leaving": actions.begin(house.ana, today, by=house.ada)}
