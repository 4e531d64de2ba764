"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .activations import Asking, ask, end, release
from .cases import Telling, open_list, open_record, tell, write_to
from .plans import accept, missing, require_plan, sign, write
from .rehearsals import rehearse
from .reminding import remind_of_plans

__all__ = [
    "Asking",
    "Telling",
    "accept",
    "ask",
    "end",
    "missing",
    "open_list",
    "open_record",
    "rehearse",
    "release",
    "remind_of_plans",
    "require_plan",
    "sign",
    "tell",
    "write",
    "write_to",
]
