"""The verbs of consent, by noun."""

from consent.particulars import Particulars

from .answers import Overtaken, forget_answers, keep_answers
from .asking import ask, supersede
from .campaigns import ask_anew
from .ending import cancel, decline, end_by_date, end_by_event, withdraw
from .forms import approve, begin_form, begin_version, change_form, put_in_force, retire_form, save_version
from .majority import ask_the_adult
from .notices import Delivery, acknowledge_notice, deliver_notice, record_notice
from .overriding import hold_without, review_override
from .packets import begin_packet, change_packet, move_in_packet, put_into_packet, remove_packet, take_from_packet
from .questions import answer, ask_question, settle
from .renewing import announce_ends, end_due, tell_of_supervision
from .sending import Link, Sent, send
from .shipped import bring_in_templates
from .signing import Given, agree_electronically, present, sign, withdraw_electronic
from .telling import remind, tell
from .using import Use, authorized

__all__ = [
    "Delivery",
    "Given",
    "Link",
    "Overtaken",
    "Particulars",
    "Sent",
    "Use",
    "acknowledge_notice",
    "agree_electronically",
    "announce_ends",
    "answer",
    "approve",
    "ask",
    "ask_anew",
    "ask_question",
    "ask_the_adult",
    "authorized",
    "begin_form",
    "begin_packet",
    "begin_version",
    "bring_in_templates",
    "cancel",
    "change_form",
    "change_packet",
    "decline",
    "deliver_notice",
    "end_by_date",
    "end_by_event",
    "end_due",
    "forget_answers",
    "hold_without",
    "keep_answers",
    "move_in_packet",
    "present",
    "put_in_force",
    "put_into_packet",
    "record_notice",
    "remind",
    "remove_packet",
    "retire_form",
    "review_override",
    "save_version",
    "send",
    "settle",
    "sign",
    "supersede",
    "take_from_packet",
    "tell",
    "tell_of_supervision",
    "withdraw",
    "withdraw_electronic",
]
