"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .absences import be_away, be_back
from .closing import keeps_open
from .filing import mark_filed
from .log import Line, crossed, log_contact
from .notices import To, Words, note, notify, review_override, send_in_danger, stop_what_closed
from .telling import tell
from .threads import MOST_FILES, Conflict, File, begin_thread, save_draft, send, settle

__all__ = [
    "MOST_FILES",
    "Conflict",
    "File",
    "Line",
    "To",
    "Words",
    "be_away",
    "be_back",
    "begin_thread",
    "crossed",
    "keeps_open",
    "log_contact",
    "mark_filed",
    "note",
    "notify",
    "review_override",
    "save_draft",
    "send",
    "send_in_danger",
    "settle",
    "stop_what_closed",
    "tell",
]
