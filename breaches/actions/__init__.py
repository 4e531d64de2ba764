"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .affected import add_affected, confirm, describe, find_affected, report_own, say_home, take_out
from .assessing import approve, assess
from .astray import went_astray
from .calls import note_call
from .clocks import delay, mark, remind, rework
from .closing import Ending, analysed, close, keeps_open, reopen
from .contain import contain, finish_task, give_task, stop_links, withdraw_from_portal
from .drafts import draw, offer, save_draft, sent
from .escalated import incident_of_emergency, incident_of_signal
from .incidents import clear, miss, move, name_suspect, note_awareness, note_knowledge, report, strike, tell
from .letters import address, approve_wording, choose, plan, posted, returned, save_wording, send, told_otherwise

__all__ = [
    "Ending",
    "add_affected",
    "address",
    "analysed",
    "approve",
    "approve_wording",
    "assess",
    "choose",
    "clear",
    "close",
    "confirm",
    "contain",
    "delay",
    "describe",
    "draw",
    "find_affected",
    "finish_task",
    "give_task",
    "incident_of_emergency",
    "incident_of_signal",
    "keeps_open",
    "mark",
    "miss",
    "move",
    "name_suspect",
    "note_awareness",
    "note_call",
    "note_knowledge",
    "offer",
    "plan",
    "posted",
    "remind",
    "reopen",
    "report",
    "report_own",
    "returned",
    "rework",
    "save_draft",
    "save_wording",
    "say_home",
    "send",
    "sent",
    "stop_links",
    "strike",
    "take_out",
    "tell",
    "told_otherwise",
    "went_astray",
    "withdraw_from_portal",
]
