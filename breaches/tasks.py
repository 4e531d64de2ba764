"""Jobs about letters, thin: prepare, set, and see what was sent."""

from __future__ import annotations

from celery import shared_task

from .actions import preparing


@shared_task(name="breaches.tasks.letters")
def letters() -> None:
    """Prepare what waits, set what is ready, settle what was sent; whoever dies in the middle leaves the rest to the next."""
    while preparing.prepare_next():
        pass
    while preparing.press_next():
        pass
    preparing.settle()
