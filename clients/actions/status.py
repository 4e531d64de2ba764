"""Where a client stands: the plain steps, and those that end the work, put it away or begin it again."""

from __future__ import annotations

import datetime

from django.utils import timezone

from audit import clock, trail
from clients.models import Client, StatusStep
from clients.models.steps import ENDED, STEPS
from practice.models import User
from practice.refusals import Refused

Status = Client.Status
_TODO = {
    Status.ARCHIVED: "Discharge the client first; what is archived has ended.",
    Status.ENQUIRY: "Reopen the client as intake or active.",
}


def _check(client: Client, status: Status) -> None:
    was = Status(client.status)
    if status == was:
        raise Refused("", f"This client is {was.label} already.", "Somebody may have done it a moment ago; look at the client's page.")
    if status not in STEPS[was]:
        raise Refused("", f"A client who is {was.label} cannot become {status.label}.", _TODO.get(status, "Take the step before it first."))


def change_status(client: Client, status: str, *, by: User, reason: str = "", on: datetime.date | None = None, left_open: int = 0) -> None:
    """Move ``client`` to ``status`` by one of STEPS; what ends the work, or begins it again, is kept as a step with its sealed ``reason``.

    ``on`` is the day it is of (today unless told), ``left_open`` how many drafts and sessions without a note were left knowingly.
    Raises Refused for a step that there is not.
    """
    new, was = Status(status), Status(client.status)
    _check(client, new)
    client.status = new
    client.save(update_fields=["status"])
    if new in ENDED or was in ENDED:
        day = on or timezone.localdate(clock.now())
        StatusStep(client=client, was=was, became=new, on=day, reason=reason, left_open=left_open, taken_by=by).save(force_insert=True)
    trail.change(client, f"status_{new}")
