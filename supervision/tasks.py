"""The job of this room, thin: an agreement begins on its day."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from audit import doors
from clients.access import counselors
from practice.models import Practice
from practice.profile import zone_of

from .actions.agreements import begin_due


@shared_task(name="supervision.tasks.begin_due")
def begin_agreements() -> None:
    """Begin what is due, each for the supervisee whose cases it opens. The end needs no job: it is a date of every grant."""
    for counselor in counselors():
        with timezone.override(zone_of(Practice.objects.get().timezone)), doors.system("agreements", on_behalf_of=counselor):
            begin_due(by=counselor)
