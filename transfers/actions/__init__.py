"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .transfers import Offer, Telling, accept, decline, offer, open_earlier, tell, withdraw

__all__ = ["Offer", "Telling", "accept", "decline", "offer", "open_earlier", "tell", "withdraw"]
