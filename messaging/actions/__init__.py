"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .absences import be_away, be_back
from .closing import keeps_open
from .filing import mark_filed
from .telling import tell
from .threads import MOST_FILES, Conflict, File, begin_thread, save_draft, send, settle

__all__ = [
    "MOST_FILES",
    "Conflict",
    "File",
    "be_away",
    "be_back",
    "begin_thread",
    "keeps_open",
    "mark_filed",
    "save_draft",
    "send",
    "settle",
    "tell",
]
