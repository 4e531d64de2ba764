"""The accounting in words: grouped entries for the page, the PDF and the table (ACC-3, ACC-4). No title holds a name."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from audit import clock
from clients.calling import called
from clients.models import Client
from practice.models import Practice

from . import law
from .models import Disclosure

CONFIDENTIAL = "Confidential: for the person it was given to, and nobody else"
HEADINGS = (
    "First day",
    "Last day",
    "Times",
    "To whom",
    "Address",
    "What",
    "What for",
    "On what it rests",
    "Taken back on",
    "Why taken back",
)
_TAKEN_BACK = "This entry was wrong and was taken back"


@dataclass(frozen=True)
class Line:
    """One or several like disclosures: the first, when the last was, and how many (ACC-4)."""

    first: Disclosure
    last_on: datetime.date
    times: int

    @property
    def basis(self) -> str:
        """On what it rests, with where that stands."""
        found = law.bases()[self.first.basis]
        return f"{found.words} ({found.citation})"

    @property
    def taken_back(self) -> Disclosure | None:
        """The entry that takes this one back, if any."""
        return getattr(self.first, "reversal", None)


def lines(entries: Iterable[Disclosure]) -> list[Line]:
    """``entries``, the oldest first: what went to one recipient for one purpose is one line; what was taken back stands by itself."""
    groups: dict[Any, list[Disclosure]] = {}
    for row in entries:
        groups.setdefault(_alike(row), []).append(row)
    return [Line(rows[0], rows[-1].on, len(rows)) for rows in groups.values()]


def _alike(row: Disclosure) -> Any:
    if getattr(row, "reversal", None):
        return row.pk
    return (row.client_id, row.basis, bytes(row.whom or b""), row.recipient, row.description, row.purpose)


def accounting_paper(
    client: Client, entries: Iterable[Disclosure], *, since: datetime.date, until: datetime.date, practice: Practice
) -> dict[str, Any]:
    """The accounting of these days for the press."""
    found = lines(entries)
    made = f"Made on {timezone.localtime(clock.now()):%-d %b %Y, %H:%M} ({timezone.get_current_timezone_name()})."
    facts = [("Client", called(client)), ("Code", client.code), ("Days", f"{_day(since)} to {_day(until)}")]
    return {
        "title": "Accounting of disclosures", "heading": "Accounting of disclosures", "practice": practice.name, "code": client.code,
        "made": made, "confidential": CONFIDENTIAL, "demo": settings.DEMO, "states": [], "draft": False, "facts": facts,
        "none": "" if found else "Nothing was disclosed in these days that belongs in an accounting.",
        "lines": [{"heading": _when(line), "rows": _facts(line)} for line in found],
    }  # fmt: skip


def sheet(entries: Iterable[Disclosure]) -> list[list[object]]:
    """The accounting as rows of a table, its headings first."""
    return [list(HEADINGS), *[_cells(line) for line in lines(entries)]]


def _cells(line: Line) -> list[object]:
    row, back = line.first, line.taken_back
    ended = [back.on, back.purpose] if back else ["", ""]
    return [row.on, line.last_on, line.times, row.recipient, row.address, row.description, row.purpose, line.basis, *ended]


def _facts(line: Line) -> list[tuple[str, str]]:
    row, back = line.first, line.taken_back
    facts = [("To", row.recipient), ("Address", row.address or "not known"), ("What", row.description), ("What for", row.purpose)]
    facts.append(("Rests on", line.basis))
    return [*facts, (f"{_TAKEN_BACK} on {_day(back.on)}", back.purpose)] if back else facts


def _when(line: Line) -> str:
    if line.times == 1:
        return _day(line.first.on)
    return f"{_day(line.first.on)}, {line.times} times, the last on {_day(line.last_on)}"


def _day(day: datetime.date) -> str:
    return f"{day:%-d %b %Y}"
