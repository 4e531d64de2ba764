"""The review of safeguards in the matrix: one handed to Lena with a file, and something for her to do."""

from __future__ import annotations

import datetime
from typing import Any

from audit import clock
from review import access, actions
from tests.cast import acting
from tests.committed import House

OF_SAFEGUARDS = ("risk_review", "device_review", "risk_file", "lenas_action")


def safeguards(house: House) -> dict[str, Any]:
    """Ada handed the risk analysis to Lena, who also sees to what came of it."""
    ada, tomorrow = house.ada, clock.today() + datetime.timedelta(days=1)
    with acting(ada):
        actions.plan_reviews()
        risk, devices = (access.reviews(ada).get(kind=kind) for kind in ("REV-4", "REV-6"))
        actions.hand_review(risk, house.lena, by=ada)
        file = actions.record_evidence(
            "REV-4", "threats", "The puce envelope again.", by=ada, file=("a.txt", b"The puce envelope again."), task=risk
        )
        action = actions.add_review_action(risk, "Fetch the puce envelope.", house.lena, tomorrow, by=ada)
    return {"risk_review": risk, "device_review": devices, "risk_file": file, "lenas_action": action}
