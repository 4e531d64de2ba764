"""How long paper may be out, and what happens when it is not back: arithmetic, without a clock of its own (PA-2, PA-3)."""

from __future__ import annotations

import datetime

from practice.deadlines import after_hours

LONGEST = 24  # hours, off-site and at all
OFFICER, INCIDENT = 24, 72  # hours after it was due
CLOSES = datetime.time(17)  # what is taken without a word is back by then, the same day


def same_day(out_at: datetime.datetime) -> datetime.datetime:
    """Until when a file taken at ``out_at`` (in the practice's zone) is back if nothing else is said: by closing time, or at midnight."""
    closing = out_at.replace(hour=CLOSES.hour, minute=0, second=0, microsecond=0)
    return closing if out_at < closing else out_at.replace(hour=23, minute=59, second=0, microsecond=0)


def steps(due_at: datetime.datetime, now: datetime.datetime) -> list[str]:
    """What has come of a file that is not back: "overdue" after it was due, "officer" a day later, "incident" three days later."""
    found = ["overdue"] if now > due_at else []
    found += ["officer"] if now >= after_hours(due_at, OFFICER) else []
    return found + (["incident"] if now >= after_hours(due_at, INCIDENT) else [])
