"""The tables of the room, one file per noun."""

from .incidents import Entry, Finding, Incident, Knowledge, Suspect
from .states import OPEN, STEPS, State

__all__ = ["OPEN", "STEPS", "Entry", "Finding", "Incident", "Knowledge", "State", "Suspect"]
