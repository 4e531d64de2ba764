"""The rules of review/law/signals.toml, asked of one line of the trail after another. Nothing here opens a client's text."""

from __future__ import annotations

import datetime
import tomllib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from audit.models import Act, Event

_FILE = Path(__file__).with_name("law") / "signals.toml"
_LOOKED = (Act.READ, Act.CHANGE, Act.EXPORT, Act.LIST)
_PORTAL = ("portal_", "paper_", "line_ask", "ask_about_line", "my_agreements")
_INCIDENTS = "breaches."  # who works on an incident looks through lists of those affected; a signal would tell that there is one
_OFFICES = {"desk", "admin"}  # contact data and care teams are their work, without a grant


@dataclass(frozen=True)
class Rule:
    """One rule: its name, words, and numbers."""

    name: str
    title: str
    why: str
    numbers: dict[str, int]


@cache
def rules() -> dict[str, Rule]:
    """The rules that are switched on, by name."""
    told = tomllib.loads(_FILE.read_text())
    return {
        name: Rule(name, each["title"], each["why"], {key: value for key, value in each.items() if type(value) is int})
        for name, each in told.items()
        if each["on"]
    }


@dataclass
class Known:
    """What is known of somebody of the staff: the tokens of their family name, of themself, and their last day."""

    family: list[bytes]
    themself: list[bytes]
    leaves_at: datetime.datetime | None


Recent = deque[tuple[datetime.datetime, UUID]]


@dataclass
class Watcher:
    """Goes through lines; ``relation`` says "team", "portal" or "none", ``called`` whether a client is found by one of some tokens."""

    zone: ZoneInfo
    people: dict[UUID, Known]
    relation: Callable[[UUID, UUID, datetime.datetime], str]
    called: Callable[[UUID, list[bytes]], bool]
    recent: dict[tuple[str, UUID], Recent] = field(default_factory=dict)
    today: dict[tuple[UUID, datetime.date], set[UUID]] = field(default_factory=dict)

    def signals(self, line: Event) -> Iterator[tuple[str, UUID | None]]:
        """The names of the rules that ``line`` meets, each with the client it is about, or None."""
        if line.actor_id not in self.people or line.part.startswith(_PORTAL) or line.what.startswith(_INCIDENTS):
            return
        if line.role.startswith("system:") and line.act != Act.BREAK_GLASS:  # a job on somebody's behalf looks at nothing
            return
        found = {**self._of_the_person(line), **self._of_the_record(line)}
        for name, client in found.items():
            if name in rules():
                yield name, client

    def _of_the_person(self, line: Event) -> dict[str, UUID | None]:
        hits = {"odd_hours": self._odd(line), "refused_runs": self._refused(line), "many_records": self._many(line)}
        return {name: None for name, hit in hits.items() if hit}

    def _of_the_record(self, line: Event) -> dict[str, UUID | None]:
        if line.client_id is None:
            return {"exports": None, "leaver": None} if line.act == Act.EXPORT and self._leaves(line) else self._bare_export(line)
        known = self.people[line.actor_id]  # type: ignore[index]  # asked by signals()
        looked = line.act in (*_LOOKED, Act.BREAK_GLASS)
        hits = {
            "own_name": (looked or line.act == Act.REFUSED) and self.called(line.client_id, known.family),
            "own_file": looked and self._own(line, known),
            "no_relation": looked and line.act not in (Act.LIST, Act.BREAK_GLASS) and self._unrelated(line),
            "break_glass": line.act == Act.BREAK_GLASS,
            "exports": line.act == Act.EXPORT,
            "leaver": self._leaving_with(line),
        }
        return {name: line.client_id for name, hit in hits.items() if hit}

    def _bare_export(self, line: Event) -> dict[str, UUID | None]:
        return {"exports": None} if line.act == Act.EXPORT else {}

    def _odd(self, line: Event) -> bool:
        hours = _numbers("odd_hours")
        return line.act in _LOOKED and not hours["from_hour"] <= line.at.astimezone(self.zone).hour < hours["to_hour"]

    def _refused(self, line: Event) -> bool:
        numbers = _numbers("refused_runs")
        return line.act == Act.REFUSED and len(self._window("refused_runs", line, line.what_id or UUID(int=line.id))) >= numbers["times"]

    def _many(self, line: Event) -> bool:
        if line.act not in (Act.READ, Act.EXPORT) or line.client_id is None:
            return False
        return len({client for _, client in self._window("many_records", line, line.client_id)}) >= _numbers("many_records")["clients"]

    def _window(self, name: str, line: Event, what: UUID) -> Recent:
        """What this person did of this kind within the rule's minutes, ``line`` included."""
        seen = self.recent.setdefault((name, line.actor_id), deque())  # type: ignore[arg-type]  # as above
        seen.append((line.at, what))
        while seen[0][0] < line.at - datetime.timedelta(minutes=_numbers(name)["minutes"]):
            seen.popleft()
        return seen

    def _own(self, line: Event, known: Known) -> bool:
        assert line.actor_id
        assert line.client_id
        return self.relation(line.actor_id, line.client_id, line.at) == "portal" or self.called(line.client_id, known.themself)

    def _unrelated(self, line: Event) -> bool:
        assert line.actor_id
        assert line.client_id
        return not _OFFICES & {*line.role.split("+")} and self.relation(line.actor_id, line.client_id, line.at) == "none"

    def _leaves(self, line: Event) -> bool:
        leaves_at = self.people[line.actor_id].leaves_at  # type: ignore[index]  # as above
        return leaves_at is not None and line.at > leaves_at - datetime.timedelta(days=_numbers("leaver")["days"])

    def _leaving_with(self, line: Event) -> bool:
        if not self._leaves(line) or line.act not in (Act.READ, Act.EXPORT):
            return False
        seen = self.today.setdefault((line.actor_id, line.at.astimezone(self.zone).date()), set())  # type: ignore[arg-type]  # as above
        seen.add(line.client_id)  # type: ignore[arg-type]  # asked by _of_the_record
        return line.act == Act.EXPORT or len(seen) >= _numbers("leaver")["clients"]


def _numbers(name: str) -> dict[str, Any]:
    return rules()[name].numbers if name in rules() else _off(name)


def _off(name: str) -> dict[str, Any]:
    """The numbers of a rule that is switched off: what it meets is not told."""
    return {key: value for key, value in tomllib.loads(_FILE.read_text())[name].items() if type(value) is int}
