"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .departures import begin, call_off, end, require_settled
from .transfers import Offer, Telling, accept, decline, offer, open_earlier, tell, withdraw

__all__ = [
    "Offer",
    "Telling",
    "accept",
    "begin",
    "call_off",
    "decline",
    "end",
    "offer",
    "open_earlier",
    "require_settled",
    "tell",
    "withdraw",
]
