"""The tables of the room, one file per noun."""

from .assessments import Assessment, Delay
from .clocks import ClockRow, Mark, Reminder
from .incidents import Entry, Finding, Incident, Knowledge, Suspect
from .states import OPEN, STEPS, State
from .work import Affected, Task

__all__ = [
    "OPEN",
    "STEPS",
    "Affected",
    "Assessment",
    "ClockRow",
    "Delay",
    "Entry",
    "Finding",
    "Incident",
    "Knowledge",
    "Mark",
    "Reminder",
    "State",
    "Suspect",
    "Task",
]
