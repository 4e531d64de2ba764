"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .accounting import Entry, account, record, take_back
from .releasing import Begun, begin_release, give_up, look, prepare
from .requests import Asked, ask, extend, give, is_free, tell_fee, withdraw
from .restricting import end_restriction, restrict
from .sending import Linked, everything, fetch, hand_over, send_link, stop_link
from .suspending import end_suspension, suspend

__all__ = [
    "Asked",
    "Begun",
    "Entry",
    "Linked",
    "account",
    "ask",
    "begin_release",
    "end_restriction",
    "end_suspension",
    "everything",
    "extend",
    "fetch",
    "give",
    "give_up",
    "hand_over",
    "is_free",
    "look",
    "prepare",
    "record",
    "restrict",
    "send_link",
    "stop_link",
    "suspend",
    "take_back",
    "tell_fee",
    "withdraw",
]
