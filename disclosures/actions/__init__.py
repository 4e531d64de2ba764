"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .accounting import Entry, account, record, take_back
from .exceptions import (
    Opened,
    Reported,
    answer_consult,
    ask_supervisor,
    close_exception,
    decide_exception,
    note_consult,
    open_exception,
    report,
    tell_client,
)
from .releasing import Begun, begin_release, give_up, look, prepare
from .requests import Asked, ask, extend, give, is_free, tell_fee, withdraw
from .restricting import end_restriction, restrict
from .rights import Answer, Wish, clocks_of, close_rights, decide, extend_rights, is_reviewable, receive, reply, review, unsaid
from .sending import Linked, everything, fetch, hand_over, send_link, stop_link
from .suspending import end_suspension, suspend

__all__ = [
    "Answer",
    "Asked",
    "Begun",
    "Entry",
    "Linked",
    "Opened",
    "Reported",
    "Wish",
    "account",
    "answer_consult",
    "ask",
    "ask_supervisor",
    "begin_release",
    "clocks_of",
    "close_exception",
    "close_rights",
    "decide",
    "decide_exception",
    "end_restriction",
    "end_suspension",
    "everything",
    "extend",
    "extend_rights",
    "fetch",
    "give",
    "give_up",
    "hand_over",
    "is_free",
    "is_reviewable",
    "look",
    "note_consult",
    "open_exception",
    "prepare",
    "receive",
    "record",
    "reply",
    "report",
    "restrict",
    "review",
    "send_link",
    "stop_link",
    "suspend",
    "take_back",
    "tell_client",
    "tell_fee",
    "unsaid",
    "withdraw",
]
