"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .affected import add_affected, confirm, describe, find_affected, say_home, take_out
from .contain import contain, finish_task, give_task
from .escalated import incident_of_emergency, incident_of_signal
from .incidents import clear, miss, move, name_suspect, note_knowledge, report, strike, tell

__all__ = [
    "add_affected",
    "clear",
    "confirm",
    "contain",
    "describe",
    "find_affected",
    "finish_task",
    "give_task",
    "incident_of_emergency",
    "incident_of_signal",
    "miss",
    "move",
    "name_suspect",
    "note_knowledge",
    "report",
    "say_home",
    "strike",
    "take_out",
    "tell",
]
