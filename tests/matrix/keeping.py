"""What the room of holding on and letting go adds to the things of the matrix."""

from __future__ import annotations

from typing import Any

from retention import actions
from retention.models import Certificate
from tests.cast import acting
from tests.committed import House
from tests.retention.past import Past, counted, night

OF_RETENTION = ("cleos_hold", "hold_on_all", "cleos_payer", "old_client", "batch_asked", "batch_approved", "certificate")


def kept_longer(house: House) -> dict[str, Any]:
    """Cleo's record is on hold by Ana, and every record by Ada."""
    with acting(house.ana):
        made: dict[str, Any] = {"cleos_hold": actions.place(house.cleo, "court", "A lawyer wrote of the beige anchor.", by=house.ana)}
        made["cleos_payer"] = actions.keep_longer(house.cleo, "medicare", "The contract of the beige anchor.", by=house.ana)
    made |= _let_go(house)
    with acting(house.ada):
        return made | {"hold_on_all": actions.place(None, "inquiry", "The board asks.", by=house.ada)}


def _let_go(house: House) -> dict[str, Any]:
    """Of four old records of Ana's one waits for a decision, one for her, one for its day, and of one a certificate is left."""
    past = Past("", house.ana, house.ada, house.ben)
    standing, asked, approved, gone = (past.old() for _ in range(4))
    counted()
    batches = {"batch_asked": past.proposed(asked), "batch_approved": past.approved(approved, ago=3)}
    past.approved(gone)
    past.old(kind="minor")  # whose birthday nobody wrote down
    assert night() == 1
    with acting(house.ada):
        return batches | {"old_client": standing, "certificate": Certificate.objects.get()}
