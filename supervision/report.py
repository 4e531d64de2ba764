"""The report of hours, in words: for its page and for the PDF that is handed in. Figures and the two names; nothing of any client."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import timezone

from practice.profile import profile
from supervision.hours import CONTACT, KINDS, said
from supervision.law.boards import boards
from supervision.models import Paper, Signature

DAYS = ("From", "To")


def _row(words: dict[str, str], minutes: dict[str, int]) -> str:
    return ", ".join(f"{words[key].lower()} {said(minutes[key])}" for key in words if minutes.get(key)) or "none"


def lines(paper: Paper) -> list[tuple[str, str]]:
    """What it says, as label and words: the sums, each month, what is missing."""
    kept, board = paper.said, boards()[paper.agreement.board]
    found = [
        ("Board", f"{board.words} ({board.citation})"),
        ("With clients", f"{said(sum(kept['contact'].values()))}: {_row(CONTACT, kept['contact'])}"),
        ("In supervision", f"{said(sum(kept['kinds'].values()))}: {_row(KINDS, kept['kinds'])}"),
    ]
    for month in kept["months"]:
        met = f"{said(sum(month['kinds'].values()))} in supervision, {month['meetings']} meetings"
        found.append((month["month"], f"{said(sum(month['contact'].values()))} with clients, {met}"))
    return [*found, ("Missing", " ".join(kept["missing"]) or "Nothing that the board asks for by month.")]


def paper(row: Paper, signatures: Iterable[Signature]) -> dict[str, Any]:
    """The report for the press. Its title and properties name nobody."""
    agreement = row.agreement
    facts = [
        ("Supervisee", _named(agreement.supervisee)), ("Supervisor", f"{_named(agreement.supervisor)}, {agreement.licence}"),
        ("Days", f"{row.begins:%-d %b %Y} to {row.ends:%-d %b %Y}"),
    ]  # fmt: skip
    signed = [("Signed", f"{_named(each.person)}, {timezone.localtime(each.signed_at):%-d %b %Y, %H:%M}") for each in signatures]
    return {
        "title": "Report of supervised hours", "heading": "Report of supervised hours", "practice": profile().name, "code": "",
        "made": "Contact hours are of sessions with a signed note; hours of supervision are of meetings that both signed.",
        "confidential": "Figures only: nothing of any client", "demo": settings.DEMO, "states": [], "draft": False, "facts": facts,
        "none": "",
        "lines": [{"heading": "Hours", "rows": lines(row)}, {"heading": "Signatures", "rows": signed}],
    }  # fmt: skip


def _named(person: Any) -> str:
    return f"{person.name}, {person.credentials}" if person.credentials else str(person.name)
