"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from . import agreements, meetings, papers, samples
from .consultations import OUTSIDE, Held, advise, decide, record
from .deidentified import Asked, Settled, begin, end, findings, known_of, marked, settle
from .pages import Linked, Shown, answer_page, make_page, open_page, stop_page
from .sharing import share

__all__ = [
    "OUTSIDE", "Asked", "Held", "Linked", "Settled", "Shown", "advise", "agreements", "answer_page", "begin", "decide", "end", "findings",
    "known_of", "make_page", "marked", "meetings", "open_page", "papers", "record", "samples", "settle", "share", "stop_page",
]  # fmt: skip
