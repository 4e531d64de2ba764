"""Asks which door is open. Without one, nothing sealed can be opened or written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# Owner of the keys that belong to no client: accounts, the outbox, search.
PRACTICE = UUID("00000000-0000-4000-8000-000000000001")


class DoorClosed(Exception):
    """A sealed value was asked for outside any door, or by a door that does not reach it."""


class Opening:
    """What an open door lends the vault: keys already unwrapped, and a note of whose text was opened.

    ``practice_only`` is the opening of a page without a client, such as sign-in: client text stays shut.
    """

    def __init__(self, *, practice_only: bool = False) -> None:
        self.practice_only = practice_only
        self.keys: dict[UUID, bytes] = {}
        self.ciphers: dict[tuple[bytes, str], AESGCM] = {}  # by key and use: set up once, and gone with the door
        self.wanted: set[UUID] = set()
        self.found: dict[object, UUID] = {}  # keyhole -> id of a key that was there before this door opened
        self.shredded: dict[UUID, Any] = {}  # id of a key that was destroyed -> its keyhole
        self.made: set[UUID] = set()  # keys this door made: a rollback takes them away again, so they are asked for each time
        self.opened: set[UUID] = set()

    def begin(self) -> None:
        """A transaction begins: which key seals new text is asked anew, for another may have taken its place (vault/resealing.py)."""
        self.found.clear()

    def admit(self, owner: UUID) -> None:
        """Note that text of ``owner`` is being opened; raises DoorClosed where this door does not reach it."""
        if owner == PRACTICE:
            return
        if self.practice_only:
            raise DoorClosed("This page has no door to a client's record.")
        self.opened.add(owner)


AnyOpening = TypeVar("AnyOpening", bound=Opening)
_current: ContextVar[Opening | None] = ContextVar("subrosa_opening", default=None)


def current() -> Opening:
    """The opening of the door we stand in; raises DoorClosed if there is none."""
    opening = _current.get()
    if opening is None:
        raise DoorClosed("No door is open: sealed text opens only where its reading is recorded.")
    return opening


def glance() -> Opening | None:
    """The current opening, or None."""
    return _current.get()


@contextmanager
def open_by(opening: AnyOpening) -> Iterator[AnyOpening]:
    """Hold ``opening`` as the current one for the length of the block."""
    token = _current.set(opening)
    try:
        yield opening
    finally:
        _current.reset(token)
