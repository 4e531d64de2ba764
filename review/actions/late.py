"""What should have been reviewed by now: whoever may do it has a mail, once for each deadline (SE-2, REV-1, REV-2)."""

from __future__ import annotations

import datetime

from django.utils import timezone

from audit import clock, trail
from audit.models import Act
from audit.trail import Line
from clients.access import emergencies_to_review
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import User
from review import access, periods
from review.models import Reminder

SUBJECT = "Something is late"
BODY = """Something that you look after should have been done by now. Sign in to see what it is:

{url}
"""


def remind_of_late(*, by: User) -> int:
    """Tell ``by`` of each review that is late and theirs to do: one mail for each deadline, ever; returns how many."""
    due = _late(by) - set(Reminder.objects.filter(person=by.pk).values_list("kind", "due"))
    for kind, moment in sorted(due):
        Reminder(kind=kind, due=moment, person=by).save(force_insert=True)
        outbox.queue("late", by.email, SUBJECT, BODY.format(url=site_link("home")))
    if due:
        trail.recorder().write(Line(Act.SYSTEM, "review.reminder", "late"))
    return len(due)


def _late(by: User) -> set[tuple[str, datetime.datetime]]:
    now = clock.now()
    openings = emergencies_to_review(by).filter(review_due__lte=now).order_by()
    found = {("emergency", due) for due in openings.values_list("review_due", flat=True)}
    if periods.month_due() <= now and access.unsigned_months(by).exists():
        found.add(("month", periods.month_due()))
    if periods.quarter_due() <= now and access.unsigned_quarters(by).exists():
        found.add(("quarter", periods.quarter_due()))
    over = access.due_reviews(by).filter(due_on__lt=timezone.localdate(now)).order_by()
    found |= {(kind, periods.start(day + datetime.timedelta(days=1))) for kind, day in over.values_list("kind", "due_on")}
    return found
