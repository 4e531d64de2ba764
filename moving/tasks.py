"""The jobs of this room, thin: making bundles, and destroying those that are over."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from practice.models import Practice
from practice.profile import zone_of

from .actions import making


@shared_task(name="moving.tasks.make")
def make() -> None:
    """Go on with what is approved, step by step; whoever dies in the middle leaves the rest to the next."""
    with timezone.override(zone_of(Practice.objects.get().timezone)):
        while making.make_next():
            pass
        making.clear()
