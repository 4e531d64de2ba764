"""The house's worker with tasks that go wrong, and, where UNCLAIMED is set, deliberately broken: nothing is claimed before it is sent."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

from celery.signals import worker_process_init

from config.celery import app as app


@app.task(name="poison.raises")
def raises() -> None:
    """Fails each time."""
    raise RuntimeError("poison")


@app.task(name="poison.kills")
def kills() -> None:
    """Takes its process along, as an exhausted memory would."""
    os.kill(os.getpid(), signal.SIGKILL)


@worker_process_init.connect
def unclaim(**kwargs: Any) -> None:
    """The oldest due notice is read and left due; sending takes a moment, as a server far away does."""
    if "UNCLAIMED" not in os.environ:
        return
    from audit import clock, doors  # models exist only now
    from practice.actions import outbox
    from practice.carriers import Letter
    from practice.models import Notice

    def look(channel: str) -> Letter | None:
        time.sleep(0.05)
        with doors.system("outbox"):
            found = Notice.objects.filter(state=Notice.State.DUE, channel=channel).order_by("due_at").first()
            return Letter(found.pk, found.to, found.subject, found.body) if found else None

    honest = outbox.confirm

    def confirm(letter: Letter) -> None:
        with doors.system("outbox"):  # what is sent was claimed, the database says
            Notice.objects.filter(pk=letter.ident).update(state=Notice.State.CLAIMED, claimed_at=clock.now())
        honest(letter)

    outbox.claim, outbox.confirm = look, confirm
