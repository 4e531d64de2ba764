"""What leaves the house by mail. A row is written with its cause, claimed, sent, confirmed; never sent twice in silence."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import NamedTuple
from uuid import UUID

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import QuerySet
from kombu.exceptions import OperationalError

from audit import clock, doors, trail
from audit.models import Act
from practice.limits import UNCERTAIN_AFTER
from practice.models import Notice, User


class Letter(NamedTuple):
    """An opened notice, held just long enough to send it."""

    ident: UUID
    to: str
    subject: str
    body: str


def queue(kind: str, to: str, subject: str, body: str) -> Notice:
    """Write a notice into the outbox, in the current transaction, and wake the worker once that is committed.

    Subject and body say nothing about health, counseling or the practice: mailboxes are read by others.
    """
    notice = Notice.objects.create(kind=kind, to=to, subject=" ".join(subject.split()), body=body)
    transaction.on_commit(wake)
    return notice


def wake() -> None:
    """Tell the worker that something is due. If Redis is away, the beat finds it within seconds."""
    app = import_module("config.celery").app
    with suppress(OperationalError, OSError):
        app.send_task("practice.tasks.send_due", retry=False, expires=60)


def send_due() -> int:
    """Send what is due, one claim at a time; returns how many. Raises OSError, with nothing claimed, without a mail server."""
    sent = 0
    if not _due().exists():  # knock at the mail server only with something to hand over
        return sent
    with get_connection(timeout=30) as server:
        while letter := claim():
            EmailMessage(letter.subject, letter.body, to=[letter.to], connection=server).send()
            confirm(letter)
            sent += 1
    return sent


def _due() -> QuerySet[Notice]:
    return Notice.objects.filter(state=Notice.State.DUE, due_at__lte=clock.now())


def claim() -> Letter | None:
    """Claim the oldest due notice and commit the claim, so that no crash can send it a second time."""
    with doors.system("outbox"):
        notice = _due().select_for_update(skip_locked=True).order_by("due_at").first()
        if notice is None:
            return None
        notice.state, notice.claimed_at = Notice.State.CLAIMED, clock.now()
        notice.save(update_fields=["state", "claimed_at"])
        return Letter(notice.pk, notice.to, notice.subject, notice.body)


def confirm(letter: Letter) -> None:
    """The mail server took ``letter``."""
    with doors.system("outbox"):
        notice = Notice.objects.select_for_update().get(pk=letter.ident)
        notice.state, notice.sent_at = Notice.State.SENT, clock.now()
        notice.save(update_fields=["state", "sent_at"])
        trail.recorder().write(trail.line_for(Act.SYSTEM, notice, "sent"))


def mark_uncertain() -> int:
    """Notices whose sender died between claim and confirmation: maybe sent. A person decides; returns how many."""
    with doors.system("outbox"):
        lost = Notice.objects.filter(state=Notice.State.CLAIMED, claimed_at__lt=clock.now() - UNCERTAIN_AFTER)
        return lost.update(state=Notice.State.UNCERTAIN)


def send_again(notice: Notice, *, by: User) -> None:
    """``by`` decided that an uncertain notice did not arrive. Raises ValueError if it is not uncertain."""
    _decide(notice)
    notice.state, notice.due_at = Notice.State.DUE, clock.now()
    notice.save(update_fields=["state", "due_at"])
    trail.change(notice, "send_again")
    transaction.on_commit(wake)


def arrived(notice: Notice, *, by: User) -> None:
    """``by`` knows that an uncertain notice did arrive. Raises ValueError if it is not uncertain."""
    _decide(notice)
    notice.state, notice.sent_at = Notice.State.SENT, notice.claimed_at
    notice.save(update_fields=["state", "sent_at"])
    trail.change(notice, "arrived")


def _decide(notice: Notice) -> None:
    if notice.state != Notice.State.UNCERTAIN:
        raise ValueError("Only an uncertain notice needs a decision.")
