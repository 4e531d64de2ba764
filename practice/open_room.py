"""Open-room mode: somebody may look over one's shoulder, so every page of this session says codes instead of names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

KEY = "open_room"  # in the session

_on: ContextVar[bool] = ContextVar("subrosa_open_room", default=False)


def is_on() -> bool:
    """Whether the page being made may be seen by others: then no client's name is opened for it."""
    return _on.get()


@contextmanager
def held(on: bool) -> Iterator[None]:
    """Make pages within the block for an open room, or not."""
    token = _on.set(on)
    try:
        yield
    finally:
        _on.reset(token)
