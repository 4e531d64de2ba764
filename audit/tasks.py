"""Jobs of the trail, thin."""

from __future__ import annotations

import datetime

from celery import shared_task
from django.db import connection

from . import clock, keeping

AHEAD = datetime.timedelta(days=366)


@shared_task(name="audit.tasks.make_partitions")
def make_partitions() -> None:
    """Make the trail's partitions for the next twelve months; those that are there stay as they are."""
    today = clock.now().date()
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_make_partitions(%s, %s)", [today, today + AHEAD])


@shared_task(name="audit.tasks.seal")
def seal() -> None:
    """Seal what is new on the trail."""
    keeping.seal_and_anchor()


@shared_task(name="audit.tasks.verify")
def verify() -> None:
    """Verify the whole trail."""
    keeping.verify()
