"""What the review of safeguards answers: a safeguard that is a habit is Active while its review was done and the next is not overdue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from audit import clock
from review import standing
from review.schedule import kinds
from upkeep import access as upkeep

from . import PLANNED, Answer, Claim, active_if


def by_review(rule: str) -> Callable[[Any], Answer]:
    """An answer from the last review of ``rule``."""

    def ask(user: Any) -> Answer:
        found = standing.one(rule, user)
        if found.last_on is None:
            return Answer("Off", "No review of it was completed here yet.")
        solo = " It was self-reviewed." if found.last and found.last.self_reviewed else ""
        late = " The next one is overdue." if found.state == "overdue" else ""
        return active_if(found.is_current, f"Reviewed, {kinds()[rule].every}.{late}{solo}", found.last_on)

    return ask


def planned(words: str) -> Callable[[Any], Answer]:
    """Of what this version cannot do yet."""
    return lambda user: Answer(PLANNED, words)


def _backed_up(user: Any) -> Answer:
    last = upkeep.good_backups().first()
    if last is None or last.ended_at is None:
        return Answer("Off", "No whole backup was made here yet.")
    fresh = last.ended_at > clock.now() - upkeep.LATE
    return active_if(
        fresh, "Sealed to a key that is not on this machine." + ("" if fresh else " The last is older than a day."), last.ended_at
    )


_ASKED = "When it was last reviewed, and whether the next review is overdue."
CLAIMS = (
    Claim("activity", "SE-12", "The trail is looked through each month", _ASKED, by_review("REV-1")),
    Claim("recertified", "SE-12", "Grants are looked at each quarter", _ASKED, by_review("REV-2")),
    Claim("risks", "SE-13", "Risk analysis", _ASKED, by_review("REV-4")),
    Claim("sanctions", "SE-14", "Sanctions are recorded", _ASKED, by_review("REV-10")),
    Claim("training", "SE-15", "Staff are trained", "Whether this version keeps who was trained.", planned("Not kept here yet.")),
    Claim("backups", "SE-16", "Backups each night", "When the last whole backup was made.", _backed_up),
    Claim("restores", "SE-16", "Restores are tried", _ASKED, by_review("REV-3")),
    Claim("rehearsal", "SE-17", "Incidents are rehearsed", _ASKED, by_review("REV-11")),
    Claim("vendors", "SE-18", "Agreements with vendors", "Whether this version keeps agreements.", planned("Not kept here yet.")),
    Claim("devices", "SE-19", "Devices are listed", "Whether this version keeps an inventory.", planned("Not kept here yet.")),
)
