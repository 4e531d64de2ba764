"""The claims on paper: for a client or an insurer. No address, no version, no name of a machine or a person but who made it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone

from audit import clock
from practice.models import Practice, User

from . import ACTIVE, OFF, PLANNED, Answer, Claim, every

_LEAD = (
    "Each line was asked of the running system at the moment above, and shows what was asked and what it answered. "
    "Off and Planned are told as openly as Active. What could not be asked is not claimed."
)


def claims_paper(by: User, practice: Practice) -> dict[str, Any]:
    """What templates/typst/claims.typ shows."""
    rows = list(every(by))
    at = f"{timezone.localtime(clock.now()):%-d %b %Y, %H:%M}"
    counts = ", ".join(f"{sum(answer.state == state for _, answer in rows)} {state}" for state in (ACTIVE, OFF, PLANNED))
    return {
        "title": "Safeguards", "heading": "How records are kept safe here", "practice": practice.name, "code": "", "states": [],
        "draft": False,
        "confidential": "Made by the running system", "demo": settings.DEMO, "facts": [("Asked on", at), ("Result", counts)], "lead": _LEAD,
        "made": f"Made by {by.name} on {at} ({timezone.get_current_timezone_name()}).",
        "claims": [_claimed(claim, answer) for claim, answer in rows],
    }  # fmt: skip


def _claimed(claim: Claim, answer: Answer) -> dict[str, Any]:
    rows = [("Rule", claim.rule), ("Asked", claim.asked), ("Answered", _said(answer))]
    return {"heading": f"{claim.title}: {answer.state}", "rows": rows}


def _said(answer: Answer) -> str:
    return f"{answer.said} Last shown {answer.on:%-d %b %Y}." if answer.on else str(answer.said)
