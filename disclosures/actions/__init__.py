"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .accounting import Entry, account, record, take_back
from .requests import Asked, ask, extend, give, is_free, tell_fee, withdraw
from .suspending import end_suspension, suspend

__all__ = [
    "Asked",
    "Entry",
    "account",
    "ask",
    "end_suspension",
    "extend",
    "give",
    "is_free",
    "record",
    "suspend",
    "take_back",
    "tell_fee",
    "withdraw",
]
