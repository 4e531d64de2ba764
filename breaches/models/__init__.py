"""The tables of the room, one file per noun."""

from .assessments import Assessment, Delay
from .clocks import ClockRow, ClockRun, Mark, Reminder
from .closing import Closing, FollowUp
from .incidents import Awareness, Entry, Finding, Incident, Knowledge, Suspect
from .letters import BLOCKS, Batch, ClientLetter, Draft, Told, Wording
from .states import OPEN, STEPS, State
from .work import Affected, Call, Outcome, Task

__all__ = [
    "BLOCKS",
    "OPEN",
    "STEPS",
    "Affected",
    "Assessment",
    "Awareness",
    "Batch",
    "Call",
    "ClientLetter",
    "ClockRow",
    "ClockRun",
    "Closing",
    "Delay",
    "Draft",
    "Entry",
    "Finding",
    "FollowUp",
    "Incident",
    "Knowledge",
    "Mark",
    "Outcome",
    "Reminder",
    "State",
    "Suspect",
    "Task",
    "Told",
    "Wording",
]
