"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .incidents import clear, miss, move, name_suspect, note_knowledge, report, strike, tell

__all__ = ["clear", "miss", "move", "name_suspect", "note_knowledge", "report", "strike", "tell"]
