"""A lost second factor: an admin asks for its removal, waits, confirms. E-mail alone never removes one (ASVS 6.4.4)."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from audit import clock, trail
from practice.limits import FACTOR_RESET_WAIT
from practice.models import FactorReset, User
from practice.refusals import Refused

from . import outbox, sessions

SUBJECT = "Your account is about to change"
BODY = """Somebody who looks after your account asked to remove its second step, because it was lost.
It will be removed after {when}.

If it was not lost, sign in with it as usual: that stops the removal.
"""


def ask_for_reset(person: User, *, by: User) -> FactorReset:
    """Begin the waiting time; the person is told by mail. Raises Refused for oneself, and while one is under way."""
    if person.pk == by.pk:
        raise Refused("SE-10", "Nobody removes their own second step this way.", "Use a recovery code, or ask another admin.")
    if open_resets(person).exists():
        raise Refused("SE-10", "A removal is under way already.")
    reset = FactorReset.objects.create(person=person, asked_by=by, ready_at=clock.now() + FACTOR_RESET_WAIT)
    outbox.queue("account", person.email, SUBJECT, BODY.format(when=f"{reset.ready_at:%d %B %Y, %H:%M} UTC"))
    trail.change(person, "factor_reset_begin")
    return reset


def open_resets(person: User) -> QuerySet[FactorReset]:
    """The removal under way for ``person``, if any."""
    return FactorReset.objects.filter(person=person, done_at=None, cancelled_at=None)


def finish_reset(reset: FactorReset, *, by: User) -> None:
    """Remove every second factor of the person and end their sessions. Raises Refused before the waiting time is over."""
    if reset.is_closed or clock.now() < reset.ready_at:
        raise Refused("SE-10", "The waiting time is not over, or the removal was stopped.")
    reset.done_at = clock.now()
    reset.save(update_fields=["done_at"])
    Authenticator.objects.filter(user=reset.person).delete()
    trail.change(reset.person, "factor_reset_finish")
    sessions.end_others(reset.person, keep="", by=by)


def not_lost(person: User) -> None:
    """The person has just signed in with a second factor: what was asked for is off."""
    if open_resets(person).update(cancelled_at=clock.now()):
        trail.change(person, "factor_reset_stopped")


def remove_at_the_machine(person: User) -> None:
    """Remove every second factor of ``person`` at once: for a sole admin who lost them, by whoever sits at the machine."""
    Authenticator.objects.filter(user=person).delete()
    trail.change(person, "factors_removed")
    sessions.end_others(person, keep="", by=person)
