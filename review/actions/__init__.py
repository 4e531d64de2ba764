"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .asked import answer_about_line, ask_about_line
from .grants import check_grant, sign_quarter
from .late import remind_of_late
from .reviews import (
    add_review_action,
    begin_review,
    close_review,
    complete_review,
    finish_review_action,
    hand_review,
    is_solo,
    missing_evidence,
    plan_reviews,
    record_evidence,
    take_drills,
)
from .watching import ask_to_explain, decide, explain, sign_month, watch

__all__ = [
    "add_review_action",
    "answer_about_line",
    "ask_about_line",
    "ask_to_explain",
    "begin_review",
    "check_grant",
    "close_review",
    "complete_review",
    "decide",
    "explain",
    "finish_review_action",
    "hand_review",
    "is_solo",
    "missing_evidence",
    "plan_reviews",
    "record_evidence",
    "remind_of_late",
    "sign_month",
    "sign_quarter",
    "take_drills",
    "watch",
]
