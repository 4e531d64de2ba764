"""One hole made on purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Step = Callable[[], None]


def _nothing() -> None:
    """Where there is nothing to do or undo."""


@dataclass(frozen=True)
class Mutant:
    """``apply`` makes the hole in this process, ``alter`` and ``restore`` make and close it in the test databases.

    ``touches``: by which marks (looking.py) a test can have come by.
    """

    name: str
    where: str
    touches: frozenset[str]
    apply: Step = _nothing
    alter: tuple[str, ...] = ()
    restore: tuple[str, ...] = ()
