"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .asking import Wish, ask, decide, stop
from .bringing import TRIED, begin, choose, go_on, halt, rows_of, sheet_of, tried
from .taking import take

__all__ = ["TRIED", "Wish", "ask", "begin", "choose", "decide", "go_on", "halt", "rows_of", "sheet_of", "stop", "take", "tried"]
