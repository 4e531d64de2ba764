"""What dates do to consents, and what is done before: their end is announced, they are asked anew, and on the day they end (IC-37).

Jobs act on behalf of one counselor at a time, and see what that counselor may.
"""

from __future__ import annotations

import datetime
from contextlib import suppress

from audit import clock, trail
from clients.actions.coming_of_age import BODY as LOOK
from clients.actions.coming_of_age import SUBJECT as ATTENTION
from clients.actions.team import supervisor_of
from consent import access, law, renewals
from consent.evidence import add_step
from consent.models import Request, Version
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import User
from practice.refusals import Refused

from .campaigns import ask_anew
from .ending import end_by_date
from .telling import tell


def announce_ends(*, by: User) -> int:
    """Announce the ends that came near for the clients whom ``by`` counsels, 30, 14 and 7 days before, each once; returns how many.

    What is renewed is asked anew with the first of them, and whoever has not signed that is reminded with the others. A release is
    not: the counselor decides whether another one is wanted, and finds it at home.
    """
    due = [each for each in access.ending_soon(by).select_for_update(of=("self",)) if _is_due(each)]
    for request in due:
        _announce(request)
    if due:
        outbox.queue("consents", by.email, ATTENTION, LOOK.format(url=site_link("home")))
    return len(due)


def _is_due(request: Request) -> bool:
    assert request.until
    last = request.steps.filter(signer=None, what="reminded").order_by("-number").values_list("at", flat=True).first()
    return last is None or _step(request.until - clock.now()) < _step(request.until - last)


def _step(left: datetime.timedelta) -> int:
    """Which of the reminders belongs to ``left``, in days before the end."""
    return min(days for days in (*law.reminder_days(), 10**6) if left <= datetime.timedelta(days=days))


def _announce(request: Request) -> None:
    assert request.until
    add_step(request, "reminded", user=None, days=_step(request.until - clock.now()))
    trail.change(request, "announce_end")
    waiting = renewals.asked_in_place_of(request)
    if waiting is None:
        _renew(request)
    elif waiting.active_from is None and not waiting.ended_as:
        tell([waiting], by=None)


def _renew(request: Request) -> None:
    """Ask anew, by the words in force now; not where the authority of who signed ends with it, for then others decide (IC-24, IC-32)."""
    version = renewals.renewing_version(request)
    if version and request.until != request.no_later_than:
        _ask(request, version)


def _ask(request: Request, version: Version) -> None:
    with suppress(Refused):  # such as nobody with authority: the counselor finds at home that it ends, and sends what fits
        ask_anew(request, version, by=None)


def tell_of_supervision(*, by: User) -> int:
    """Ask anew where a consent for counseling with ``by`` tells of another supervisor than now, or of none (IC-11, IC-37)."""
    supervision = supervisor_of(by)
    if supervision is None:
        return 0
    due = [(each, renewals.renewing_version(each)) for each in renewals.telling_of_another(by, supervision.supervisor)]
    for request, version in due:
        if version:
            _ask(request, version)
    return len(due)


def end_due(*, by: User) -> int:
    """End what the day has come for, or the authority it rests on has ended, of clients whom ``by`` counsels; returns how many."""
    due = list(renewals.ended_by_now(by))
    return sum(end_by_date(request) is not None for request in due)
