"""Jobs, thin: they wake actions up. A message holds no more than its name."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import before_task_publish

from audit import clock, doors

from . import throttle
from .actions import outbox
from .models import Heartbeat
from .sessions import SessionStore

HEARTBEAT = "practice.tasks.heartbeat"


def _alive(part: str) -> None:
    Heartbeat.objects.update_or_create(part=part, defaults={"at": clock.now()})


@before_task_publish.connect(sender=HEARTBEAT)
def beat_is_alive(**kwargs: Any) -> None:
    """Only the beat sends the heartbeat, so the moment of sending is the beat's own sign of life."""
    _alive("beat")


@shared_task(name=HEARTBEAT)
def heartbeat() -> None:
    """The worker's sign of life."""
    _alive("worker")


@shared_task(name="practice.tasks.send_due")
def send_due() -> None:
    """Send what is due; what was claimed and never confirmed is put before a person."""
    outbox.mark_uncertain()
    outbox.send_due()


@shared_task(name="practice.tasks.tidy")
def tidy() -> None:
    """Forget old guesses and dead sessions."""
    with doors.system("tidy"):
        throttle.tidy()
        SessionStore.clear_expired()
