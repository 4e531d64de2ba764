"""Who may, in the room of upkeep. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, QuerySet

from audit import clock
from practice.access import governed_practice
from practice.models import Practice, User

from .models import Run

LATE = datetime.timedelta(hours=24)  # SE-16
AT_WORK = datetime.timedelta(hours=1)  # a run that began less long ago may yet be good: the night's run is a day after the last


def runs(user: Any) -> QuerySet[Run]:
    """Admins see what was done to keep the house."""
    found = Run.objects.order_by("-began_at")
    return found if governed_practice(user).exists() else found.none()


def good_backups() -> QuerySet[Run]:
    """Backups that were made whole, the latest first: for jobs and for the pulse, which tell no more than whether one is there."""
    return Run.objects.filter(kind=Run.Kind.BACKUP, outcome=Run.Outcome.GOOD).order_by("-began_at")


def late_backup(user: Any) -> QuerySet[Practice]:
    """Admins are told when the last good backup is older than 24 hours (SE-16)."""
    return governed_practice(user).filter(late())


def late() -> Any:
    """The condition: people work here for a day already, and no backup of the last 24 hours is good. Invented people need none."""
    now = clock.now()
    if settings.DEMO:
        return Exists(Run.objects.none())
    fresh = good_backups().filter(ended_at__gt=now - LATE)
    running = Run.objects.filter(kind=Run.Kind.BACKUP, outcome=Run.Outcome.RUNNING, began_at__gt=now - AT_WORK)
    return Exists(User.objects.filter(joined_at__lte=now - LATE)) & ~Exists(fresh) & ~Exists(running)
