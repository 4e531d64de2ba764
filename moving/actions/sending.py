"""A file that is too large for one request comes in parts. Each is kept as it comes; whoever is cut off goes on where it was."""

from __future__ import annotations

from dataclasses import dataclass

from audit import trail
from moving.kept import PIECE, keep
from moving.models import MoveIn
from practice.models import User
from practice.refusals import Refused

from . import bringing

SENT = 4 * PIECE  # bytes of a part; the last may be smaller
LARGEST = 1024 * 1024 * 1024
State = MoveIn.State


@dataclass(frozen=True)
class Announced:
    """What is to come: what is in it, where it comes from, its name and how large it is."""

    kind: str
    system: str
    name: str
    size: int
    drafts: bool = False


def announce(said: Announced, *, by: User) -> MoveIn:
    """Make room for a file that comes in parts. Raises Refused where it is too large, or holds what ``by`` could not type in."""
    if not 0 < said.size <= LARGEST:
        raise Refused("", f"A file is at most {LARGEST // 1024**3} GB.", "Send it in several files.")
    if said.kind not in bringing.ZIPS:
        raise Refused("", "A table is at most 10 MB; only zips may be larger.", "Send it in several files.")
    row = bringing.fresh(said.kind, said.system, said.name, by=by, drafts=said.drafts)
    row.about |= {"size": said.size, "here": 0}
    row.state = State.COMING
    row.save(force_insert=True)
    trail.change(row, "move_in")
    return row


def receive(row: MoveIn, offset: int, raw: bytes, *, by: User) -> int:
    """The part of the file that begins at ``offset``; returns how much is here now. A part that is here already changes nothing.

    Raises Refused for one that does not follow, or is not as large as a part is. With the last one the file is read.
    """
    here, size = row.about["here"], row.about["size"]
    if row.state != State.COMING or offset < here:
        return int(here)
    if offset != here or len(raw) != min(SENT, size - here):
        raise Refused("", "This part of the file does not follow what is here.", "Choose the same file again: it goes on where it was.")
    keep(row, raw, at=here)
    row.about = row.about | {"here": here + len(raw)}
    if row.about["here"] == size:
        _read(row, by)
    row.save(update_fields=["about", "state", "total"])
    trail.change(row, "move_in_part")
    return int(row.about["here"])


def _read(row: MoveIn, by: User) -> None:
    """All of it is here. What is no file of its kind is kept, so that its page can say so, and nothing is brought in of it."""
    try:
        bringing.read(row, by)
    except Refused as refused:
        row.about = row.about | {"refused": [refused.words, refused.todo]}
        row.state = State.STOPPED
