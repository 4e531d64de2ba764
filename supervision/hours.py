"""Hours of a supervision by month: with clients from sessions with a signed note, in supervision from meetings that both signed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from audit import clock
from practice.models import User
from supervision import access
from supervision.law.boards import Board
from supervision.models import Agreement

GROUPS = ("individual", "couple_family", "group")
CONTACT = {"individual": "Individual", "couple_family": "Couples and families", "group": "Groups"}
_OF_SETTING = {"individual": "individual", "couple": "couple_family", "family": "couple_family", "group": "group"}
KINDS = {"individual": "Individual", "paired": "Paired or triadic", "group": "Group"}


@dataclass(frozen=True)
class Month:
    """One month, in minutes. ``needs`` is what the board asks for with so much contact; 0 in a month that is not whole."""

    begins: datetime.date
    contact: dict[str, int]
    kinds: dict[str, int]
    meetings: int
    needs: int

    @property
    def contact_sum(self) -> int:
        """With clients."""
        return sum(self.contact.values())

    @property
    def supervised(self) -> int:
        """In supervision."""
        return sum(self.kinds.values())

    @property
    def kept(self) -> dict[str, Any]:
        """What a report keeps of it."""
        figures = {"contact": self.contact, "kinds": self.kinds, "meetings": self.meetings, "needs": self.needs}
        return {"month": f"{self.begins:%Y-%m}"} | figures

    @property
    def short(self) -> int:
        """How many minutes of supervision are missing."""
        return max(0, self.needs - self.supervised)


@dataclass(frozen=True)
class Figures:
    """A span of days: its months, and what is missing by the board's rules, in words."""

    board: Board
    begins: datetime.date
    ends: datetime.date
    months: list[Month]
    missing: list[str]

    @property
    def contact(self) -> dict[str, int]:
        """Minutes with clients, by category."""
        return {key: sum(month.contact[key] for month in self.months) for key in CONTACT}

    @property
    def kinds(self) -> dict[str, int]:
        """Minutes in supervision, by kind."""
        return {key: sum(month.kinds[key] for month in self.months) for key in KINDS}

    @property
    def contact_sum(self) -> int:
        """Minutes with clients."""
        return sum(self.contact.values())

    @property
    def supervised(self) -> int:
        """Minutes in supervision."""
        return sum(self.kinds.values())

    @property
    def kept(self) -> dict[str, Any]:
        """What a report keeps: figures alone."""
        rows = [month.kept for month in self.months]
        return {"board": self.board.key, "months": rows, "contact": self.contact, "kinds": self.kinds, "missing": self.missing}


def said(minutes: int) -> str:
    """Minutes as people say them: "12 h 30 min"."""
    hours, rest = divmod(int(minutes), 60)
    return f"{hours} h {rest:02} min" if rest else f"{hours} h"


def figures(user: User, agreement: Agreement, begins: datetime.date, ends: datetime.date) -> Figures:
    """The hours of ``agreement`` on these days, as far as ``user`` may count them."""
    begins, ends = max(begins, agreement.since), min(ends, agreement.until)
    raw = access.contact_minutes(user, agreement.supervisee, begins, ends)
    held = [part.meeting for part in access.held_parts(user).filter(agreement=agreement)]
    held = [row for row in held if begins <= timezone.localdate(row.starts_at) <= ends]
    board, today = agreement.asked, clock.today()
    months = []
    for first, last in _months(begins, ends):
        contact = dict.fromkeys(CONTACT, 0)
        for key, minutes in raw.items():
            month, setting = key.split()
            if month == f"{first:%Y-%m}":
                contact[_OF_SETTING.get(setting, "individual")] += int(minutes)
        rows = [row for row in held if (d := timezone.localdate(row.starts_at)).year == first.year and d.month == first.month]
        kinds = {kind: sum(row.minutes for row in rows if row.kind == kind) for kind in KINDS}
        whole = begins <= first and last <= ends and last < today
        months.append(Month(first, contact, kinds, len(rows), board.hours_for(sum(contact.values())) * 60 if whole else 0))
    found = Figures(board, begins, ends, months, [])
    found.missing.extend(_missing(found))
    return found


def _months(begins: datetime.date, ends: datetime.date) -> list[tuple[datetime.date, datetime.date]]:
    """First and last day of each month from ``begins`` to ``ends``."""
    found, first = [], begins.replace(day=1)
    while first <= ends:
        after = (first + datetime.timedelta(days=32)).replace(day=1)
        found.append((first, after - datetime.timedelta(days=1)))
        first = after
    return found


def _missing(found: Figures) -> list[str]:
    """What the board asks for and is not there, one sentence each."""
    board, words = found.board, []
    for month in found.months:
        if month.short:
            words.append(f"{month.begins:%B %Y}: {said(month.short)} of supervision are missing ({said(month.needs)} are asked for).")
        if month.needs and month.meetings < board.meetings_a_month:
            words.append(f"{month.begins:%B %Y}: {month.meetings} of {board.meetings_a_month} meetings.")
    if found.supervised and found.kinds["group"] * 100 > board.group_share * found.supervised:
        words.append(f"More than {board.group_share}% of the supervision was in groups.")
    return words


# --- the picture --------------------------------------------------------------------------------------------------------

TALL, BAR, GAP = 60, 9, 12


@dataclass(frozen=True)
class Bar:
    """One month in the picture: contact and supervision, each to its own scale, and where the board's line is."""

    x: int
    contact_y: int
    contact_tall: int
    meets_y: int
    meets_tall: int
    needs_y: int | None
    month: Month


def picture(found: Figures) -> list[Bar]:
    """Bars for an SVG; the same stands in the table beside it."""
    most = max([month.contact_sum for month in found.months] + [60])
    most_met = max([max(month.supervised, month.needs) for month in found.months] + [60])
    bars = []
    for number, month in enumerate(found.months):
        contact, meets = month.contact_sum * TALL // most, month.supervised * TALL // most_met
        needs = TALL - month.needs * TALL // most_met if month.needs else None
        bars.append(Bar(number * (BAR * 2 + GAP) + 4, TALL - contact, contact, TALL - meets, meets, needs, month))
    return bars


def wide(found: Figures) -> int:
    """How wide the picture is."""
    return max(260, len(found.months) * (BAR * 2 + GAP) + 8)
