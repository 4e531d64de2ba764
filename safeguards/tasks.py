"""The jobs of this room, thin."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from audit import doors
from practice.models import Practice
from practice.profile import zone_of

from . import access, actions


@shared_task(name="safeguards.tasks.remind")
def remind() -> None:
    """Tell people of their training, and admins of agreements with vendors, that end soon; as one person at a time."""
    with timezone.override(zone_of(Practice.objects.get().timezone)):
        for person in access.told():
            with doors.system("safeguards", on_behalf_of=person):
                actions.remind_of_ends(by=person)
