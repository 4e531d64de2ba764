"""The jobs of this room, thin."""

from __future__ import annotations

from celery import shared_task

from audit import doors

from . import access, actions


@shared_task(name="paper.tasks.remind")
def remind() -> None:
    """Tell whoever has paper that should be back, and admins from the next day on; as one person at a time."""
    for person in access.told_of_paper():
        with doors.system("paper", on_behalf_of=person):
            actions.remind_of_paper(by=person)
