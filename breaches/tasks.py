"""The jobs of this room, thin: reminding of clocks; preparing letters, setting them, and seeing what was sent."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from audit import doors
from practice.models import Practice
from practice.profile import zone_of

from . import actions
from .actions import preparing


@shared_task(name="breaches.tasks.letters")
def letters() -> None:
    """Prepare what waits, set what is ready, settle what was sent; whoever dies in the middle leaves the rest to the next."""
    preparing.look_again()
    while preparing.prepare_next():
        pass
    while preparing.press_next():
        pass
    preparing.settle()


@shared_task(name="breaches.tasks.remind")
def remind() -> None:
    """Remind the privacy officers of clocks that turned amber or red."""
    with timezone.override(zone_of(Practice.objects.get().timezone)), doors.system("clocks"):
        actions.remind()
