"""Jobs, thin."""

from __future__ import annotations

from celery import shared_task

from . import alarm, nightly


@shared_task(name="upkeep.tasks.ask")
def ask() -> None:
    """Ask for the night's backup."""
    nightly.ask()


@shared_task(name="upkeep.tasks.watch")
def watch() -> None:
    """Tell the admins of a late backup."""
    alarm.tell()
