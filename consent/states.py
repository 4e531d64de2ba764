"""What a request is now, from its dates alone: a word, an icon and a tone for each state."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from django.utils.translation import gettext_noop as _

from audit import clock

from . import law
from .models import Request


class State(NamedTuple):
    """A state as pages show it: never by colour alone."""

    key: str
    words: str
    icon: str
    tone: str  # of templates/_state.html


ACTIVE = State("active", _("Active"), "circle-check", "good")
EXPIRING = State("expiring", _("Expiring"), "hourglass", "warn")
EXPIRED = State("expired", _("Expired"), "calendar-x", "danger")
REVOKED = State("revoked", _("Revoked"), "undo-2", "danger")
DECLINED = State("declined", _("Declined"), "circle-x", "danger")
SUPERSEDED = State("superseded", _("Superseded"), "layers", "neutral")
CANCELLED = State("cancelled", _("Taken back"), "eraser", "neutral")
WAITING_FOR_CLIENT = State("waiting_client", "Waiting for client", "clock", "warn")
WAITING_FOR_STAFF = State("waiting_staff", "Waiting for staff", "message-circle-question-mark", "warn")

_ENDED = {
    Request.End.DECLINED: DECLINED,
    Request.End.WITHDRAWN: REVOKED,
    Request.End.SUPERSEDED: SUPERSEDED,
    Request.End.EXPIRED: EXPIRED,
    Request.End.CANCELLED: CANCELLED,
}


def state_of(request: Request, *, questions_open: bool = False) -> State:
    """The state of ``request`` now; ``questions_open``: somebody waits for an answer (IC-21)."""
    now = clock.now()
    if request.ended_as:
        return _ENDED[Request.End(request.ended_as)]
    if request.active_from is not None:
        return _given(request.until, now)
    if questions_open:
        return WAITING_FOR_STAFF
    return EXPIRED if request.reply_by is not None and request.reply_by <= now else WAITING_FOR_CLIENT


def _given(until: datetime.datetime | None, now: datetime.datetime) -> State:
    if until is None:
        return ACTIVE
    if until <= now:
        return EXPIRED
    return EXPIRING if until - now <= datetime.timedelta(days=law.reminder_days()[0]) else ACTIVE
