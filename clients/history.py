"""What the trail tells about a client's record: how the care team changed, and who opened what."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from audit.models import Act, Event
from practice.models import User
from practice.roles import Role

from .access import lines_about
from .models import Client, ClientPermission, Codename
from .models.team import CLINICAL
from .words import PARTS, TEAM

_BEGINS = ("assign_counsel", "assign_supervise", "assign_cover", "assign_execute", "override_supervisor")
_ENDS = ("end_counsel", "end_supervise", "end_cover", "end_execute")
_DATED = [*CLINICAL, Codename.EXECUTE]
_IN_PORTAL = (
    "portal_home", "portal_record", "portal_opened", "line_ask", "ask_about_line", "own_thread_list", "own_thread_new", "own_thread",
    "own_thread_send", "own_thread_save", "own_attachment_download", "own_attachment_picture",
)  # fmt: skip
_PORTAL_NAME = "the client or a representative"
_MOMENT = datetime.timedelta(seconds=1)
_FOREVER = datetime.datetime.max.replace(tzinfo=datetime.UTC)
TONES = {Act.REFUSED: "danger", Act.CHANGE: "info", Act.EXPORT: "warn", Act.BREAK_GLASS: "warn"}


@dataclass
class Folded:
    """One line, or several of the same kind in a row folded into one. ``first`` is the oldest of them."""

    line: Event
    first: datetime.datetime
    times: int = 1
    who: str = ""
    outside: bool = False

    @property
    def act_word(self) -> str:
        """ "opened", "changed"…"""
        return str(Act(self.line.act).label)

    @property
    def role_words(self) -> str:
        """The roles held at that moment, in words."""
        return ", ".join(str(Role(role).label) if role in Role.values else role for role in self.line.role.split("+"))

    @property
    def tone(self) -> str:
        """The tone of the act."""
        return TONES.get(Act(self.line.act), "neutral")

    @property
    def part_words(self) -> str:
        """The page or verb, in words."""
        return words_of(self.line.part)


def words_of(part: str) -> str:
    """A page or verb of the trail in plain words."""
    return PARTS.get(part) or TEAM.get(part) or part.replace("_", " ")


def names_of(idents: Iterable[UUID | None]) -> dict[UUID, str]:
    """What to call these people, in one query. Whoever only uses the portal has no name here: theirs would be a client's."""
    people = User.objects.filter(pk__in={ident for ident in idents if ident})
    return {person.pk: str(person.name) if person.is_staff_member else _PORTAL_NAME for person in people}


def name_in(names: dict[UUID, str], line: Event) -> str:
    """Who acted, for a reader: a name, or what the line says where no person did."""
    if line.part in _IN_PORTAL and line.act != Act.REFUSED:
        return _PORTAL_NAME
    return names.get(line.actor_id, "somebody unknown") if line.actor_id else line.role


def fold(lines: Iterable[Event]) -> list[Folded]:
    """Neighbours by the same person, with the same act on the same part from the same address, become one."""
    folded: list[Folded] = []
    for line in lines:
        last = folded[-1] if folded else None
        if last and _same(last.line, line):
            last.times, last.first = last.times + 1, line.at
        else:
            folded.append(Folded(line, line.at))
    return folded


def _same(one: Event, other: Event) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in ("actor_id", "act", "part", "address", "client_id"))


def team_lines(client: Client) -> QuerySet[Event]:
    """The lines that say how the care team of ``client`` changed, newest first."""
    return lines_about(client).filter(act=Act.CHANGE, part__in=list(TEAM))


class Belonging:
    """Who was on the care team when, from the lines of the trail: a grant's row only knows its last term."""

    def __init__(self, client: Client) -> None:
        self.terms: dict[UUID | None, list[list[datetime.datetime]]] = {}
        lasting: dict[tuple[UUID | None, str], list[datetime.datetime]] = {}
        dated = ClientPermission.objects.filter(content_object=client.pk, until__isnull=False, permission__codename__in=_DATED)
        ends: dict[tuple[UUID | None, str], datetime.datetime | None] = {
            (row.user_id, row.permission.codename): row.until for row in dated.select_related("permission")
        }
        rows = lines_about(client).filter(act=Act.CHANGE, part__in=[*_BEGINS, *_ENDS]).order_by("at", "id")
        for ident, at, part in rows.values_list("what_id", "at", "part"):
            role = (ident, "supervise" if part == "override_supervisor" else part.split("_")[1])
            if part in _ENDS and role in lasting:
                lasting.pop(role)[1] = at + _MOMENT
            elif part in _BEGINS and role not in lasting:
                lasting[role] = [at - _MOMENT, _FOREVER]
                self.terms.setdefault(ident, []).append(lasting[role])
        for role, term in lasting.items():  # those that end by themselves, on a day that was set
            term[1] = max(ends.get(role) or _FOREVER, term[0])

    def holds(self, person: UUID | None, at: datetime.datetime) -> bool:
        """Whether ``person`` was on the team at that moment (give or take a second: an act and its grant are one)."""
        return person is not None and any(begin <= at <= end for begin, end in self.terms.get(person, []))


def told(client: Client, lines: Iterable[Event], names: dict[UUID, str]) -> list[Folded]:
    """``lines`` folded, with names, and people outside the care team of that moment marked.

    A row that is shown as ``client`` has a team of its own.
    """
    folded = fold(lines)
    teams = {ident: Belonging(Client(pk=ident)) for ident in {client.pk, *(entry.line.client_id for entry in folded)}}
    for entry in folded:
        team = teams[entry.line.client_id]
        entry.who = name_in(names, entry.line)
        entry.outside = not team.holds(entry.line.actor_id, entry.line.at) and not in_portal(entry.line)
    return folded


def in_portal(line: Event) -> bool:
    """Whether the line is of a visit to the portal."""
    return line.part in _IN_PORTAL and line.act != Act.REFUSED


def team_story(client: Client, size: int = 50) -> list[dict[str, Any]]:
    """The newest changes of the care team, for ``_timeline.html``."""
    lines = list(team_lines(client)[:size])
    names = names_of([ident for line in lines for ident in (line.actor_id, line.what_id)])
    return [_event(line, names) for line in lines]


def _event(line: Event, names: dict[UUID, str]) -> dict[str, Any]:
    whom = "" if line.part == "give_portal" or not line.what_id else names.get(line.what_id, "")
    tone = "neutral" if line.part in _ENDS else "danger" if line.part == "deny" else "good"
    icon = "user-minus" if line.part in _ENDS else "ban" if line.part == "deny" else "user-plus"
    what = f"{whom}: {TEAM[line.part]}" if whom else TEAM[line.part]
    return {"when": line.at, "who": f"by {name_in(names, line)}", "what": what[:1].upper() + what[1:], "tone": tone, "icon": icon}
