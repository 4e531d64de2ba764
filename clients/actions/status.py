"""Where a client stands: the plain steps, and those that end the work, put it away or begin it again."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from audit import clock, trail
from clients.access import closed_enquiries, open_enquiries
from clients.models import Client, StatusStep
from clients.models.steps import ENDED, STEPS
from practice.models import User
from practice.refusals import Refused

Status = Client.Status
_TODO = {
    Status.ARCHIVED: "Discharge the client first; what is archived has ended.",
    Status.ENQUIRY: "Reopen the client as intake or active.",
}


# Why a record cannot be put away yet. Rooms to the right, which know what is in it, add theirs as the house starts.
keeping_open: list[Callable[[Client, User], list[Refused]]] = []


def keeps_open(client: Client, by: User) -> list[Refused]:
    """Every reason for which the record of ``client`` cannot be put away yet."""
    return [reason for asks in keeping_open for reason in asks(client, by)]


def _check(client: Client, status: Status) -> None:
    was = Status(client.status)
    if status == was:
        raise Refused("", f"This client is {was.label} already.", "Somebody may have done it a moment ago; look at the client's page.")
    if status not in STEPS[was]:
        raise Refused("", f"A client who is {was.label} cannot become {status.label}.", _TODO.get(status, "Take the step before it first."))


def _take(client: Client, new: Status, by: User, reason: str, *, on: datetime.date | None = None, left_open: int = 0) -> None:
    was = Status(client.status)
    client.status = new
    client.save(update_fields=["status"])
    day = on or clock.today()
    StatusStep(client=client, was=was, became=new, on=day, reason=reason, left_open=left_open, taken_by=by).save(force_insert=True)


def close_enquiry(client: Client, *, by: User, reason: str) -> None:
    """Put away an enquiry whom nobody has counseled, with a ``reason`` that the front desk can read again.

    Raises Refused for anybody else: what began with a counselor ends with one.
    """
    if not open_enquiries(by).filter(pk=client.pk).exists():
        raise Refused("", "Only an enquiry that nobody has counseled is closed like this.", "Ask their counselor to discharge them.")
    _take(client, Status.ARCHIVED, by, reason)
    trail.change(client, "close_enquiry")


def reopen_enquiry(client: Client, *, by: User, reason: str) -> None:
    """Take a closed enquiry back. Raises Refused for anybody else."""
    if not closed_enquiries(by).filter(pk=client.pk).exists():
        raise Refused("", "This enquiry is not closed, or somebody counsels them.", "Look at the client's page.")
    _take(client, Status.ENQUIRY, by, reason)
    trail.change(client, "reopen_enquiry")


def change_status(client: Client, status: str, *, by: User, reason: str = "", on: datetime.date | None = None, left_open: int = 0) -> None:
    """Move ``client`` to ``status`` by one of STEPS; what ends the work, or begins it again, is kept as a step with its sealed ``reason``.

    ``on`` is the day it is of (today unless told), ``left_open`` how many drafts and sessions without a note were left knowingly.
    Raises Refused for a step that there is not, and for an archive while something keeps the record open (REC-5, REC-6).
    """
    new, was = Status(status), Status(client.status)
    _check(client, new)
    if new == Status.ARCHIVED and (reasons := keeps_open(client, by)):
        raise reasons[0]
    if new in ENDED or was in ENDED:
        _take(client, new, by, reason, on=on, left_open=left_open)
    else:
        client.status = new
        client.save(update_fields=["status"])
    trail.change(client, f"status_{new}")
