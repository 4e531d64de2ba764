"""The end of the work: a discharge, and the sessions that go with it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from clients import actions as clients
from clients.access import counseled_clients, together
from clients.models import Client
from practice.models import User
from records import access
from records.models import Session

from .sessions import record_outcome


def discharge(client: Client, *, by: User, on: datetime.date, reason: str, cancel: Iterable[Session] = ()) -> None:
    """End the work with ``client`` as of the day ``on``; the planned sessions ``cancel`` are cancelled with it.

    How many of one's drafts and sessions without a note are left is kept beside the sealed ``reason``. Raises Refused for a
    client who cannot be discharged.
    """
    for session in cancel:
        record_outcome(session, Session.Outcome.CANCELLED, by=by)
    rows = together(client, counseled_clients, by)
    left = access.unsigned_drafts(by).filter(client__in=rows).count() + access.unnoted_sessions(by).filter(client__in=rows).count()
    clients.change_status(client, Client.Status.DISCHARGED, by=by, reason=reason, on=on, left_open=left)
