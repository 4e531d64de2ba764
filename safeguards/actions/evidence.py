"""What stands in these lists as evidence of a review, so that nobody types it (REV-6, REV-8, REV-10)."""

from __future__ import annotations

from audit.sheet import rows
from practice.models import User
from review.actions import record_evidence
from safeguards import sheets

GIVES = {"REV-6": ("inventory", sheets.inventory), "REV-8": ("agreements", sheets.agreements), "REV-10": ("roster", sheets.roster)}


def keep_evidence(rule: str, *, by: User) -> None:
    """Keep the list as it stands now as evidence of the review of ``rule`` that comes next. Raises Refused for a review without a list."""
    key, sheet = GIVES[rule]
    found = sheet(by)
    record_evidence(rule, key, found.words, by=by, file=(f"{key}.txt", rows(found.lines).encode()))
