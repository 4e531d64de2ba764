"""Who is told by mail that training or an agreement ends: once for each end (SE-15, SE-18)."""

from __future__ import annotations

import datetime

from django.db.models import Max
from django.utils import timezone

from audit import trail
from audit.models import Act
from audit.trail import Line
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import User
from review.models import Reminder
from safeguards import access
from safeguards.models import Training

SUBJECT = "Something that you look after ends soon"
BODY = """Something that you look after ends soon, or is over. Sign in to see what it is:

{url}
"""
Due = tuple[str, datetime.datetime]


def _end(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _training(by: User) -> set[Due]:
    if not access.to_be_trained(by).exists():
        return set()
    counted = Training.objects.filter(person=by.pk, attested_at__isnull=False, confirmed_at__isnull=False)
    last = counted.aggregate(last=Max("expires_on"))["last"]
    return {("training", _end(last) if last else by.joined_at)}


def _agreements(by: User) -> set[Due]:
    lacking = access.vendors_without(by).order_by().values("pk").annotate(last=Max("agreements__ends_on"))
    return {("agreement", _end(row["last"])) for row in lacking if row["last"]}


def remind_of_ends(*, by: User) -> int:
    """Tell ``by`` of their own training, and an admin of agreements, that end soon or did. Returns how many mails that were."""
    told = set(Reminder.objects.filter(person=by.pk).values_list("kind", "due"))
    due = (_training(by) | _agreements(by)) - told
    for kind, moment in sorted(due):
        Reminder(kind=kind, due=moment, person=by).save(force_insert=True)
        outbox.queue("safeguard", by.email, SUBJECT, BODY.format(url=site_link("home")))
    if due:
        trail.recorder().write(Line(Act.SYSTEM, "safeguards.training", "ends"))
    return len(due)
