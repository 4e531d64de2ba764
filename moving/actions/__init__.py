"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .asking import Wish, ask, decide, stop
from .bringing import TRIED, begin, choose, go_on, halt, matched, rows_of, sheet_of, tried
from .sending import SENT, Announced, announce, receive
from .taking import take

__all__ = [
    "SENT",
    "TRIED",
    "Announced",
    "Wish",
    "announce",
    "ask",
    "begin",
    "choose",
    "decide",
    "go_on",
    "halt",
    "matched",
    "receive",
    "rows_of",
    "sheet_of",
    "stop",
    "take",
    "tried",
]
