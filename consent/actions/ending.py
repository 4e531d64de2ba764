"""Saying no, taking back a yes, and taking back a request. A reason is welcome and never needed; what is past stays listed."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from audit import clock, trail
from clients.actions import unsign_ways
from consent.evidence import add_step
from consent.models import Authorization, Ending, Form, Request, Signer
from practice.models import User
from practice.refusals import Refused

# Called with a request whose consent was just withdrawn, or ended by its event, in the same transaction: rooms to the right stop
# what rested on it.
withdrawing: list[Callable[[Request], None]] = []


def decline(signer: Signer, *, by: User, reason: str = "") -> Ending | None:
    """``signer`` does not agree. Where everybody must sign, that ends the request; where anyone may, the others still can, and a minor's
    "no" is kept beside the guardian's decision (IC-30).

    Raises Refused once it is in force: then it is withdrawn.
    """
    request = Request.objects.select_for_update().get(pk=signer.request_id)
    if request.ended_as:
        return _ending_of(request)
    if request.active_from is not None:
        raise Refused("IC-21", _("This paper is signed and in force."), _("Withdraw it instead: that works at any time."))
    add_step(request, "declined", user=by, signer=signer, reason=reason)
    if signer.binds and request.rule == Request.Rule.ALL:
        return _end(request, Request.End.DECLINED, by=by, signer=signer, reason=reason)
    trail.change(request, "decline_consent")
    return None


def withdraw(signer: Signer, *, by: User, reason: str = "") -> Ending | None:
    """``signer`` takes the consent back: from this moment nothing rests on it, queued jobs included. No reason is needed.

    What was done before stays listed. Raises Refused where there is nothing in force to take back (AU-6).
    """
    request = Request.objects.select_for_update().get(pk=signer.request_id)
    if request.ended_as:
        return _ending_of(request)
    if request.active_from is None:
        raise Refused("AU-6", _("This paper is not signed by everybody yet."), _("Choose “I do not agree” instead."))
    add_step(request, "withdrawn", user=by, signer=signer, reason=reason)
    ending = _end(request, Request.End.WITHDRAWN, by=by, signer=signer, reason=reason)
    if request.wording.form.kind == Form.Kind.REACHING:
        unsign_ways(request.client, list(request.signatures.values_list("pk", flat=True)))
    for stop in withdrawing:
        stop(request)
    return ending


def cancel(request: Request, *, by: User, reason: str = "") -> Ending | None:
    """The practice takes back what nobody signed yet. Raises Refused once it is in force."""
    request = Request.objects.select_for_update().get(pk=request.pk)
    if request.ended_as:
        return _ending_of(request)
    if request.active_from is not None:
        raise Refused("AU-6", "This paper is signed: only whoever signed it can take that back.", "Send a newer one if it no longer fits.")
    add_step(request, "cancelled", user=by, reason=reason)
    return _end(request, Request.End.CANCELLED, by=by, reason=reason)


def end_by_date(request: Request) -> Ending | None:
    """The day came by which ``request`` ends: expired if it was given, taken back by the house if not. None where it has ended."""
    request = Request.objects.select_for_update().get(pk=request.pk)
    if request.ended_as:
        return None
    how = Request.End.EXPIRED if request.active_from else Request.End.CANCELLED
    add_step(request, how, user=None)
    return _end(request, how, by=None)


def end_by_event(request: Request, *, by: User, what: str) -> Ending | None:
    """The event with which a release ends has happened, as ``by`` found out: from this moment nothing rests on it (AU-1, AU-3).

    Raises Refused by AU-3 without a word about ``what`` happened, or where the release names no event.
    """
    request = Request.objects.select_for_update().get(pk=request.pk)
    if request.ended_as:
        return _ending_of(request)
    named = Authorization.objects.filter(request=request, event_at=None).first()
    if named is None or not named.expiry_event.strip() or request.active_from is None:
        raise Refused("AU-3", "This release names no event with which it ends, or is not in force.", "Whoever signed it can take it back.")
    if not what.strip():
        raise Refused("AU-3", "It is not said what happened.", "Write down what happened and how you know.")
    add_step(request, "event", user=by, reason=what)
    ending = _end(request, Request.End.EXPIRED, by=by, reason=what)
    named.event_at = ending.at
    named.save(update_fields=["event_at"])
    for stop in withdrawing:
        stop(request)
    return ending


def _ending_of(request: Request) -> Ending | None:
    """How it ended already; None where that is another signer's to tell (attack 54), or it ended by its date or a newer paper."""
    return Ending.objects.filter(request=request).first()


def _end(request: Request, how: Request.End, *, by: User | None, signer: Signer | None = None, reason: str = "") -> Ending:
    request.ended_at, request.ended_as = clock.now(), how
    request.save(update_fields=["ended_at", "ended_as"])
    ending = Ending(client_id=request.client_id, request=request, signer=signer, user=by, what=how, reason=reason, at=request.ended_at)
    ending.save(force_insert=True)
    trail.change(request, f"{how}_consent")
    return ending
