"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .asked import answer_about_line, ask_about_line
from .grants import check_grant, sign_quarter
from .late import remind_of_late
from .watching import ask_to_explain, decide, explain, sign_month, watch

__all__ = [
    "answer_about_line",
    "ask_about_line",
    "ask_to_explain",
    "check_grant",
    "decide",
    "explain",
    "remind_of_late",
    "sign_month",
    "sign_quarter",
    "watch",
]
