"""Jobs of letting go, thin. They act as system:retention."""

from __future__ import annotations

from celery import shared_task

from . import actions


@shared_task(name="retention.tasks.look")
def look() -> None:
    """Count until when ended records are kept."""
    actions.look()


@shared_task(name="retention.tasks.destroy")
def destroy() -> None:
    """Destroy what two persons let go of 30 days ago, unless something stands against it now."""
    actions.destroy_due()
