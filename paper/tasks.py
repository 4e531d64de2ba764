"""The jobs of this room, thin."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from audit import doors
from practice.models import Practice
from practice.profile import zone_of

from . import access, actions


@shared_task(name="paper.tasks.remind")
def remind() -> None:
    """Tell whoever has paper that should be back, and admins from the next day on; after three days it is lost. As one person at a time."""
    for person in access.told_of_paper():
        with doors.system("paper", on_behalf_of=person):
            actions.remind_of_paper(by=person)
    with timezone.override(zone_of(Practice.objects.get().timezone)):
        for person in access.officers():
            with doors.system("paper", on_behalf_of=person):
                actions.lose_overdue(by=person)
