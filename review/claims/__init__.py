"""What the practice may claim of its safeguards: each is asked of the running system now, and stands with what was asked and answered.

Nothing is typed by hand. Rooms register what they can be asked (``register``); a key registered again replaces itself. What cannot be
asked is not claimed; what cannot answer is Off.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import Error as DatabaseFailed
from django.db import transaction

ACTIVE, OFF, PLANNED = "Active", "Off", "Planned"
TONES = {ACTIVE: "good", OFF: "danger", PLANNED: "neutral"}


@dataclass(frozen=True)
class Answer:
    """What the running system answered."""

    state: str
    said: str  # plain words and figures: no address, version or name of a machine, and nobody's name
    on: datetime.datetime | datetime.date | None = None  # when it was last shown, where it is not shown just now

    @property
    def tone(self) -> str:
        """The colour of the state."""
        return TONES[self.state]


@dataclass(frozen=True)
class Claim:
    """One safeguard: the rule, what it is called, what is asked, and who answers. ``ask`` is given the admin who reads."""

    key: str
    rule: str
    title: str
    asked: str
    ask: Callable[[Any], Answer]


_claims: dict[str, Claim] = {}


def register(*claims: Claim) -> None:
    """Ask ``claims`` as well."""
    _claims.update({claim.key: claim for claim in claims})


def active_if(holds: bool, said: str, on: datetime.datetime | datetime.date | None = None) -> Answer:
    """Active where ``holds``, else Off."""
    return Answer(ACTIVE if holds else OFF, said, on)


def every(user: Any) -> Iterator[tuple[Claim, Answer]]:
    """Each safeguard with its answer, in the order of the rulebook. Asking changes nothing."""
    for claim in sorted(_claims.values(), key=lambda claim: (int(claim.rule.split("-")[1]), claim.key)):
        try:
            with transaction.atomic():
                yield claim, claim.ask(user)
        except (DatabaseFailed, OSError, LookupError):
            yield claim, Answer(OFF, "It could not be asked.")


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 account", "3 accounts"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
