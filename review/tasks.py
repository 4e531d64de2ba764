"""The jobs of this room, thin."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from audit import doors
from practice.models import Practice
from practice.profile import zone_of

from . import access, actions


@shared_task(name="review.tasks.watch")
def watch() -> None:
    """Look through what the trail has new."""
    with doors.system("review"):
        actions.watch()


@shared_task(name="review.tasks.remind")
def remind() -> None:
    """Plan the reviews to come, and tell whoever should have reviewed something by now.

    On behalf of one person at a time, and sees what that person may.
    """
    with timezone.override(zone_of(Practice.objects.get().timezone)):
        with doors.system("review"):
            actions.plan_reviews()
            actions.take_drills()
        for person in access.reviewers():
            with doors.system("review", on_behalf_of=person):
                actions.remind_of_late(by=person)
