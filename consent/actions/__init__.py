"""The verbs of consent, by noun."""

from .asking import Particulars, ask, supersede
from .ending import cancel, decline, withdraw
from .forms import approve, begin_version, put_in_force, save_version
from .questions import answer, ask_question, settle
from .signing import Given, agree_electronically, present, sign, withdraw_electronic

__all__ = [
    "Given",
    "Particulars",
    "agree_electronically",
    "answer",
    "approve",
    "ask",
    "ask_question",
    "begin_version",
    "cancel",
    "decline",
    "present",
    "put_in_force",
    "save_version",
    "settle",
    "sign",
    "supersede",
    "withdraw",
    "withdraw_electronic",
]
