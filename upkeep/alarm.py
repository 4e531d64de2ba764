"""Who is told of a late backup: every admin, by mail, once a day, in words that say nothing of what the house is for."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db.models import Q

from audit import clock, doors
from practice.actions import outbox
from practice.models import Notice, Practice, User
from practice.roles import Role

from .access import late

KIND, SUBJECT = "backup alarm", "Please look at the system"
DAILY = datetime.timedelta(hours=24)
BODY = """No good backup was made in the last 24 hours.

Whoever looks after the machine finds what to do in docs/operations.md, under Backups.
"""


def tell() -> bool:
    """Queue the mails where a backup is late and nobody was told today; returns whether any were."""
    if settings.DEMO or not Practice.objects.filter(Q(late())).exists():
        return False
    with doors.system("backup_alarm"):
        if Notice.objects.filter(kind=KIND, due_at__gt=clock.now() - DAILY).exists():
            return False
        for person in User.objects.working().filter(roles__contains=[Role.ADMIN]):
            outbox.queue(KIND, str(person.email), SUBJECT, BODY)
    return True
