"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .asking import Wish, ask, decide, stop
from .taking import take

__all__ = ["Wish", "ask", "decide", "stop", "take"]
