"""What consultations add to the things of the matrix."""

from __future__ import annotations

from typing import Any

from audit import clock
from supervision import actions
from tests.cast import acting
from tests.committed import House

OF_CONSULTATIONS = ("cleos_consultation", "cleos_page", "free_consultation")


def consultations(house: House) -> dict[str, Any]:
    """Ana asks a lawyer about Cleo, by a page that stands; and a colleague's question of her work is written down."""
    today = clock.today()
    with acting(house.ana):
        question = "May I keep the russet kite from Cleo?"
        about = actions.Held(today, "lawyer", "counsel", question, ["It is hers"], "Roa", grounds="Retained in May")
        made: dict[str, Any] = {"cleos_consultation": actions.record(house.cleo, about, by=house.ana)}
        actions.advise(made["cleos_consultation"], "Give it back, says Roa of the kite.", by=house.ana)
        made["cleos_page"] = actions.make_page(made["cleos_consultation"], days=3, mail="roa@kite.test", by=house.ana).page
        free = actions.Held(today, "expert", "deidentified", "How many kites are too many?", [], "Dr. Ito")
        return made | {"free_consultation": actions.record(None, free, by=house.ana)}
