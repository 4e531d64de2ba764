"""Training, sanctions, vendors and devices in the matrix: Ana's training and laptop, what was decided about Lena, a relay."""

from __future__ import annotations

from typing import Any

from audit import clock
from safeguards import actions
from tests.cast import acting
from tests.committed import House

OF_LISTS = ("anas_training", "lenas_sanction", "open_sanction", "vendor", "vendor_agreement", "anas_device")


def listed(house: House) -> dict[str, Any]:
    """One of each."""
    ada, ana, lena, today = house.ada, house.ana, house.lena, clock.today()
    with acting(ana):
        lesson = actions.Lesson("privacy", today, "The mauve school", file=("mauve.txt", b"The mauve certificate."))
        training = actions.record_training(ana, lesson, by=ana)
    with acting(ada):
        sanction = actions.record_sanction(lena, actions.Charge("Read the mauve file.", today), by=ada)
        actions.decide_sanction(sanction, "warned", "A mauve letter.", by=ada)
        undecided = actions.record_sanction(lena, actions.Charge("Lost the mauve key.", today), by=ada)
        vendor = actions.add_vendor(actions.Offer("Mauve Relay", "They carry mauve mail.", True, ["mail"]), by=ada)
        terms = actions.Terms(today, None, 5, file=("mauve.txt", b"The mauve contract."))
        agreement = actions.add_agreement(vendor, terms, by=ada)
        device = actions.add_device("WS-07", "laptop", actions.Seen("yes", "Debian 13", None), by=ada, used_by=ana)
    made = (training, sanction, undecided, vendor, agreement, device)
    return dict(zip(OF_LISTS, made, strict=True))
