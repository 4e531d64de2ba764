"""What leaves the house. A row is written with its cause, claimed, sent, confirmed; never sent twice in silence."""

from __future__ import annotations

import datetime
import time
from importlib import import_module

from django.db import transaction
from django.db.models import QuerySet
from kombu.exceptions import OperationalError
from redis import RedisError

from audit import clock, doors, trail
from audit.models import Act
from practice.carriers import Letter, carrier
from practice.hours import parsed
from practice.limits import UNCERTAIN_AFTER
from practice.models import Notice, User

Channel = Notice.Channel
QUIET = 15  # seconds: the beat's own pace
_quiet_until = 0.0


def queue(kind: str, to: str, subject: str, body: str, *, channel: str = Channel.MAIL, hours: str = "") -> Notice:
    """Write a notice into the outbox, in the current transaction, and wake the worker once that is committed.

    Subject and body say nothing about health, counseling or the practice: mailboxes are read by others. ``hours`` (as of
    practice/hours.py): it leaves inside them alone. To a client nothing goes from here: messaging decides whether it may.
    """
    notice = Notice(kind=kind, to=to, subject=" ".join(subject.split()), body=body, channel=channel, hours=hours)
    notice.due_at = _next(notice)
    notice.save(force_insert=True)
    transaction.on_commit(wake)
    return notice


def _next(notice: Notice) -> datetime.datetime:
    """Now, or when the hours in which it may leave begin."""
    hours = parsed(notice.hours)
    return hours.next_open(clock.now()) if hours else clock.now()


def wake() -> None:
    """Tell the worker that something is due. If Redis is away or slow, the beat finds it within seconds, and nobody rings for as long."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        import_module("config.celery").app.send_task("practice.tasks.send_due", retry=False, expires=60)
    except (OperationalError, RedisError, OSError):
        _quiet_until = time.monotonic() + QUIET


def send_due() -> int:
    """Send what is due, one claim at a time; returns how many. Raises OSError, with nothing of a channel claimed, without its carrier."""
    sent, away = 0, None
    for channel in (
        _due().order_by("channel").values_list("channel", flat=True).distinct()
    ):  # a carrier is opened only with something to carry
        try:
            sent += _send_by(channel)
        except OSError as error:
            away = error
    if away:
        raise away
    return sent


def _send_by(channel: str) -> int:
    sent = 0
    with carrier(channel) as carry:
        while letter := claim(channel):
            carry(letter)
            confirm(letter)
            sent += 1
    return sent


def _due() -> QuerySet[Notice]:
    return Notice.objects.filter(state=Notice.State.DUE, due_at__lte=clock.now())


def claim(channel: str = Channel.MAIL) -> Letter | None:
    """Claim the oldest due notice of ``channel`` and commit the claim, so that no crash can send it a second time.

    One whose hours are over waits for the next: a worker that was away does not ring at night.
    """
    with doors.system("outbox"):
        due = _due().filter(channel=channel).select_for_update(skip_locked=True).order_by("due_at")
        while notice := due.first():
            if (later := _next(notice)) > clock.now():
                Notice.objects.filter(pk=notice.pk).update(due_at=later)
                continue
            notice.state, notice.claimed_at = Notice.State.CLAIMED, clock.now()
            notice.save(update_fields=["state", "claimed_at"])
            return Letter(notice.pk, notice.to, notice.subject, notice.body)
    return None


def stop(notice: Notice) -> None:
    """It must not leave any more, if it has not: what it rested on is gone."""
    if Notice.objects.filter(pk=notice.pk, state=Notice.State.DUE).update(state=Notice.State.STOPPED):
        trail.change(notice, "stop_notice")


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
