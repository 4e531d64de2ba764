"""The tables of the room, one file per noun."""

from .asked import LineAnswer, LineQuestion
from .findings import Decision, Month, Position, Reply, Signal
from .grants import GrantCheck
from .periods import Quarter, Reminder
from .reviews import Evidence, ReviewAction, ReviewTask

__all__ = [
    "Decision",
    "Evidence",
    "GrantCheck",
    "LineAnswer",
    "LineQuestion",
    "Month",
    "Position",
    "Quarter",
    "Reminder",
    "Reply",
    "ReviewAction",
    "ReviewTask",
    "Signal",
]
