"""The tables of the record, one file per noun."""

from .cosigning import CoSignature, CosignRequest, EditRequest
from .documents import Document, DocumentPiece
from .goals import Goal, GoalLink
from .notes import Addendum, Format, Kind, Note, NoteSave
from .rules import CosignRule, NoteRules
from .sessions import Session, Setting
from .sharing import DraftComment, DraftShare
from .snippets import Snippet

__all__ = [
    "Addendum", "CoSignature", "CosignRequest", "CosignRule", "Document", "DocumentPiece", "DraftComment", "DraftShare", "EditRequest",
    "Format", "Goal", "GoalLink", "Kind", "Note", "NoteRules", "NoteSave", "Session", "Setting", "Snippet",
]  # fmt: skip
