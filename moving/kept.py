"""The file that somebody brought, as it is kept here: in sealed pieces, read where it is needed, one piece in memory at a time."""

from __future__ import annotations

import io
from typing import Any

from .models import MoveIn, MoveInPiece

PIECE = 1024 * 1024


def keep(row: MoveIn, raw: bytes, *, at: int = 0) -> None:
    """The bytes of ``row``'s file from ``at`` on, which is where a piece begins."""
    for start in range(0, len(raw), PIECE):
        MoveInPiece(move=row, position=(at + start) // PIECE, content=raw[start : start + PIECE]).save(force_insert=True)


class Kept(io.RawIOBase):
    """The file of ``row``, to be read at any place."""

    def __init__(self, row: MoveIn) -> None:
        self.row, self.size, self.at = row, int(row.about["size"]), 0
        self.open: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """At any place."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """The next byte to be read."""
        self.at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        return self.at

    def readinto(self, into: Any) -> int:
        """As much as the piece holds in which the next byte is."""
        if self.at >= self.size:
            return 0
        number, start = divmod(self.at, PIECE)
        if self.open[0] != number:
            self.open = (number, bytes(self.row.pieces.get(position=number).content))
        some = self.open[1][start : start + len(into)]
        into[: len(some)] = some
        self.at += len(some)
        return len(some)
