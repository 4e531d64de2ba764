"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .batches import Proposal, approve, others, propose, take_back
from .destroying import destroy_due
from .holds import place, release
from .longer import end_longer, keep_longer
from .standing import look, snooze

__all__ = [
    "Proposal",
    "approve",
    "destroy_due",
    "end_longer",
    "keep_longer",
    "look",
    "others",
    "place",
    "propose",
    "release",
    "snooze",
    "take_back",
]
