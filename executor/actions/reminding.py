"""Whoever is to say yes to a plan, or to confirm it, has a mail: once for each deadline (REV-14)."""

from __future__ import annotations

from audit import clock, trail
from audit.models import Act
from audit.trail import Line
from executor.access import SHUT, plans_to_accept
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import User
from review.models import Reminder

from .plans import BODY, SUBJECT


def remind_of_plans(*, by: User) -> int:
    """Tell ``by`` of each plan whose yearly word is asked for now, or late: one mail for each, ever. Returns how many."""
    told = set(Reminder.objects.filter(person=by.pk).values_list("kind", "due"))
    asked = set()
    for plan in plans_to_accept(by).select_related(None).filter(confirmed_at__isnull=False).defer(*SHUT):
        assert plan.confirm_by
        asked.add(("plan-late" if plan.confirm_by <= clock.now() else "plan", plan.confirm_by))
    for kind, due in sorted(asked - told):
        Reminder(kind=kind, due=due, person=by).save(force_insert=True)
        outbox.queue("executor", by.email, SUBJECT, BODY.format(url=site_link("home")))
    if asked - told:
        trail.recorder().write(Line(Act.SYSTEM, "executor.plan", "remind_of_plans"))
    return len(asked - told)
