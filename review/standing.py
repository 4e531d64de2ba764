"""How each review of the schedule stands, for the list: those with rows of their own, and the month and the quarter (REV-1 to REV-15)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from audit import clock

from . import access, periods
from .models import ReviewAction, ReviewTask
from .schedule import Kind, kinds, next_due, state_of

TONES = {
    "scheduled": "neutral", "due": "wait", "overdue": "danger", "in progress": "info", "completed": "info", "actions open": "wait",
    "closed": "good",
}  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """One review: when it is due, in which state, and who did the last one when."""

    kind: Kind
    due_on: datetime.date | None
    state: str
    task: ReviewTask | None = None
    last: ReviewTask | None = None
    last_on: datetime.date | None = None
    last_by: str = ""

    @property
    def tone(self) -> str:
        """The colour of the state."""
        return TONES.get(self.state, "neutral")

    @property
    def is_current(self) -> bool:
        """Whether it was done, and the next one is not overdue."""
        return self.last_on is not None and self.state != "overdue"


def state(task: ReviewTask) -> str:
    """The state of ``task`` today."""
    begun, completed, closed = (moment is not None for moment in (task.begun_at, task.completed_at, task.closed_at))
    left = completed and not closed and ReviewAction.objects.filter(task=task, done_at=None).exists()
    return state_of(_today(), task.due_on, begun=begun, completed=completed, open_actions=left, closed=closed)


def _today() -> datetime.date:
    return clock.today()


def every(user: Any) -> list[Standing]:
    """All of them, in the order of the rulebook, as ``user`` (an admin) sees them."""
    rows = list(access.reviews(user))
    return [_signed(kind, user) if kind.page else _tasked(kind, rows) for kind in kinds().values()]


def one(rule: str, user: Any) -> Standing:
    """That of ``rule`` alone."""
    kind = kinds()[rule]
    return _signed(kind, user) if kind.page else _tasked(kind, list(access.reviews(user).filter(kind=rule)))


def _tasked(kind: Kind, rows: list[ReviewTask]) -> Standing:
    mine = [row for row in rows if row.kind == kind.id]
    task = next((row for row in mine if not row.completed_at), None)
    last = next((row for row in reversed(mine) if row.completed_at), None)
    told: dict[str, Any] = {"task": task, "last": last}
    if last and last.completed_at:
        told |= {"last_on": timezone.localdate(last.completed_at), "last_by": str(last.completed_by.name) if last.completed_by else ""}
    return Standing(kind, task.due_on if task else None, state(task) if task else "not planned yet", **told)


def _signed(kind: Kind, user: Any) -> Standing:
    """The month or the quarter, from the rows of its own page."""
    monthly = kind.months == 1
    last = (access.months(user) if monthly else access.quarters(user)).first()
    waits = (access.unsigned_months(user) if monthly else access.unsigned_quarters(user)).exists()
    due = timezone.localdate((periods.month_due() if monthly else periods.quarter_due()) - datetime.timedelta(days=1))
    due_on = due if waits else next_due(kind, due)
    told: dict[str, Any] = {"last_on": timezone.localdate(last.signed_at), "last_by": str(last.signed_by.name)} if last else {}
    overdue = waits and _today() > due
    return Standing(kind, due_on, "overdue" if overdue else "due" if waits else "scheduled", **told)


def past(user: Any, limit: int = 30) -> Iterator[tuple[ReviewTask, str, str]]:
    """The reviews that were completed, the newest first, each with its state and colour."""
    for row in access.reviews(user).filter(completed_at__isnull=False).order_by("-completed_at")[:limit]:
        found = state(row)
        yield row, found, TONES[found]
