"""Where each supervision stands, for the supervisor's home: co-signing, unsigned notes, meetings of the month."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.dateparse import parse_datetime

from audit import clock
from practice.models import User
from records.access import cosign_queue, drafts_to_look_at
from supervision import access, hours
from supervision.models import Agreement

RATED = datetime.timedelta(days=90)


@dataclass(frozen=True)
class Cosigning:
    """How much waits, since when, and how much of the last 90 days was in time."""

    waiting: int
    oldest: int | None  # days
    done: int
    late: int

    @property
    def rate(self) -> int | None:
        """In time, of a hundred."""
        return (self.done - self.late) * 100 // self.done if self.done else None


def cosigning(user: User) -> Cosigning:
    """The co-sign queue of ``user``, counted."""
    queue, recent = cosign_queue(user), access.cosigned(user).filter(signed_at__gte=clock.now() - RATED)
    oldest = queue.order_by("cosign__asked_at").values_list("cosign__asked_at", flat=True).first()
    days = (clock.now() - oldest).days if oldest else None
    return Cosigning(queue.count(), days, recent.count(), recent.filter(signed_at__gt=F("note__cosign__due_at")).count())


def looks(user: User) -> int:
    """How many drafts were shown to ``user`` with a question that is open."""
    return drafts_to_look_at(user).count()


def supervisees(user: User) -> list[dict[str, Any]]:
    """Whom ``user`` supervises now, with the number of their unsigned notes and the age of the oldest; no word of any."""
    found = []
    for person in access.supervisees(user):
        said: dict[str, Any] = person.drafts or {}  # type: ignore[attr-defined]  # annotated
        since = parse_datetime(said["since"]) if said.get("since") else None
        found.append({"person": person, "drafts": said.get("count", 0), "days": (clock.now() - since).days if since else None})
    return found


def this_month(user: User, row: Agreement) -> dict[str, Any]:
    """What this month of ``row`` has had, what its board asks, and when the two met last."""
    today = clock.today()
    found = hours.figures(user, row, today.replace(day=1), today)
    last = access.held_parts(user).filter(agreement=row).order_by("-meeting__starts_at").first()
    met, contact = found.supervised, found.contact_sum
    needs = row.asked.hours_for(contact) * 60
    return {
        "row": row, "met": hours.said(met), "needs": hours.said(needs), "short": met < needs,
        "last": last.meeting.starts_at if last else None,
    }  # fmt: skip
