"""The jobs of this room, thin."""

from __future__ import annotations

from celery import shared_task

from audit import doors

from . import access, actions


@shared_task(name="executor.tasks.remind")
def remind() -> None:
    """Ask custodians for their yearly word; as one person at a time."""
    for person in access.confirmers():
        with doors.system("executor", on_behalf_of=person):
            actions.remind_of_plans(by=person)
