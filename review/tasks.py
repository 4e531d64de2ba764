"""The job of this room, thin."""

from __future__ import annotations

from celery import shared_task

from audit import doors

from . import actions


@shared_task(name="review.tasks.watch")
def watch() -> None:
    """Look through what the trail has new."""
    with doors.system("review"):
        actions.watch()
