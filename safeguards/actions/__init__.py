"""The verbs of this room, by noun."""

from .devices import Seen, add_device, find_device, lose_device, move_device, retire_device, see_device
from .evidence import keep_evidence
from .late import remind_of_ends
from .sanctions import Charge, decide_sanction, record_sanction, require_sanction
from .training import Lesson, attest_training, confirm_training, record_training, require_trained
from .vendors import Offer, Terms, add_agreement, add_vendor, end_vendor

__all__ = [
    "Charge", "Lesson", "Offer", "Seen", "Terms", "add_agreement", "add_device", "add_vendor", "attest_training", "confirm_training",
    "decide_sanction", "end_vendor", "find_device", "keep_evidence", "lose_device", "move_device", "record_sanction", "record_training",
    "remind_of_ends", "require_sanction", "require_trained", "retire_device", "see_device",
]  # fmt: skip
