"""A line of the trail as its client reads it: who, when, which part, and why that person could."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from audit.models import Act, Event
from clients import history
from clients.models import BreakGlass, Client
from practice.roles import STAFF, Role

from .models import LineQuestion

EMERGENCY = "in an emergency; somebody else looks at whether that was right"
TEAM = "on your care team at that time"
TURNED_AWAY = "they have no access, and were shown nothing"
HOUSE = "done by the house itself, without a person"
PORTAL = "in the portal"
DESK = "the front desk keeps contact data and appointments, and opens nothing that was said"
ADMIN = "admins keep care teams and this list by your code, and open nothing that was said"
ASKED = "a colleague asked what they did with your record; they opened nothing for it"
OUTSIDE = "not on your care team at that time"

_ASKED = ("signal_explain", "explain_signal")


@dataclass
class Opening:
    """One line, or several of the same kind in a row. ``moment`` names the newest of them in an address."""

    entry: history.Folded
    who: str
    why: str
    moment: str
    asked: LineQuestion | None = field(default=None)

    @property
    def act_word(self) -> str:
        """What was done, without the trade's word for an emergency."""
        return "emergency" if self.entry.line.act == Act.BREAK_GLASS else self.entry.act_word


def moment_of(at: datetime.datetime) -> str:
    """A line's moment as an address carries it: no number of the trail leaves the house."""
    return f"{at.astimezone(datetime.UTC):%Y%m%dT%H%M%S.%f}"


def at_moment(moment: str) -> datetime.datetime | None:
    """The moment in an address, or None where it is none."""
    try:
        return datetime.datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=datetime.UTC)
    except ValueError:
        return None


class Telling:
    """What is needed to tell lines of one client: the team of each moment, emergencies, names, and what was asked."""

    def __init__(self, client: Client, emergencies: Iterable[BreakGlass], asked: Iterable[LineQuestion], *, by_name: bool) -> None:
        self.team = history.Belonging(client)
        self.emergencies = list(emergencies)
        self.asked = {(row.line, row.line_at): row for row in asked}
        self.by_name = by_name

    def tell(self, lines: Iterable[Event]) -> list[Opening]:
        """``lines`` (none of the client's own) folded, with who and why."""
        folded = history.fold(lines)
        names = history.names_of({entry.line.actor_id for entry in folded})
        return [self._opening(entry, names) for entry in folded]

    def _opening(self, entry: history.Folded, names: dict[UUID, str]) -> Opening:
        line = entry.line
        asked = self.asked.get((line.id, line.at))
        return Opening(entry, self._who(line, names), self._why(line), moment_of(line.at), asked)

    def _who(self, line: Event, names: dict[UUID, str]) -> str:
        held = [Role(role) for role in line.role.split("+") if role in Role.values]
        if line.actor_id is None or line.role.startswith("system:"):
            return "The house"
        if history.in_portal(line) or not set(held) & STAFF:
            return "Somebody who stands for you"
        words = ", ".join(str(role.label) for role in held if role in STAFF)
        return f"{names.get(line.actor_id, 'Somebody who left')}, {words}" if self.by_name else f"{words[:1].upper()}{words[1:]}"

    def _why(self, line: Event) -> str:
        """The reason that person could, or could not; the first that fits."""
        held = line.role.split("+")
        reasons = (
            (line.act == Act.REFUSED, TURNED_AWAY),
            (line.role.startswith("system:"), HOUSE),
            (history.in_portal(line), PORTAL),
            (line.act == Act.BREAK_GLASS or self._in_emergency(line), EMERGENCY),
            (self.team.holds(line.actor_id, line.at), TEAM),
            (Role.DESK in held, DESK),
            (Role.ADMIN in held, ADMIN),
            (line.part in _ASKED, ASKED),
        )
        return next((words for holds, words in reasons if holds), OUTSIDE)

    def _in_emergency(self, line: Event) -> bool:
        return any(row.user_id == line.actor_id and row.opened_at <= line.at <= row.over_at for row in self.emergencies)
