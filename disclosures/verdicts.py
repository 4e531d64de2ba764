"""One rule and what it says: how checks are shown, and how the first that says no becomes a refusal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from practice.refusals import Refused


@dataclass(frozen=True)
class Check:
    """One rule, whether it stands in the way, and what to do then."""

    rule: str
    words: str
    todo: str = ""
    ok: bool = True

    def refusal(self) -> Refused:
        """The same as a refusal."""
        return Refused(self.rule, self.words, self.todo)


def stands_in_the_way(found: Iterable[Check]) -> Check | None:
    """The first that says no."""
    return next((check for check in found if not check.ok), None)


def require(found: Iterable[Check]) -> None:
    """Raise Refused by the first that says no, if any does."""
    if refused := stands_in_the_way(found):
        raise refused.refusal()
