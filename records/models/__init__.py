"""The tables of the record, one file per noun."""

from .notes import Addendum, Kind, Note, NoteSave
from .sessions import Participant, Session

__all__ = ["Addendum", "Kind", "Note", "NoteSave", "Participant", "Session"]
