"""The contact log: a line for each call, letter and meeting outside the portal. What is written stays."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from audit import clock, trail
from clients import reaching
from clients.models import Client, ReplacedAddress
from messaging.models import ContactLine
from practice.models import User
from practice.refusals import Refused

# Called with a line that says that something went to an address which was put away (CM-5), and who wrote it, in the transaction of it.
crossed: list[Callable[[ContactLine, User], None]] = []


@dataclass(frozen=True)
class Line:
    """What is written of one contact. ``who``: with whom, if not with the client; ``address``: where it went, or came from."""

    channel: str
    direction: str
    at: datetime.datetime
    words: str
    minutes: int | None = None
    who: str = ""
    address: str = ""


def log_contact(client: Client, line: Line, *, by: User, corrects: ContactLine | None = None) -> ContactLine:
    """Write ``line`` down; ``corrects``: in place of another, which stays. Something that went to an address put away is told of.

    Raises Refused where nothing is said, where it lies ahead, and where the other line was corrected already.
    """
    if not line.words.strip():
        raise Refused("REC-1", "The line says nothing.", "Say in a sentence what it was about.")
    if line.at > clock.now():
        raise Refused("REC-1", "That moment is still to come.", "Write it down when it has happened.")
    if corrects and ContactLine.objects.filter(corrects=corrects).exists():
        raise Refused("REC-1", "That line was corrected already.", "Correct the line that stands in its place.")
    row = ContactLine(client=client, channel=line.channel, direction=line.direction, at=line.at, minutes=line.minutes, recorded_by=by)
    row.who, row.address, row.words, row.corrects = line.who.strip(), line.address.strip(), line.words.strip(), corrects
    row.save(force_insert=True)
    trail.change(row, "log_contact")
    if _crosses(row):
        for tell in crossed:
            tell(row, by)
    return row


def _crosses(row: ContactLine) -> bool:
    """Whether something of ours went to an address that was put away by then (CM-5)."""
    if row.direction == ContactLine.Direction.IN or not row.address:
        return False
    gone = ReplacedAddress.objects.filter(client=row.client_id, since__lte=row.at)
    return any(reaching.plain(each.kind, each.address) == reaching.plain(each.kind, row.address) for each in gone)
