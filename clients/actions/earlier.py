"""A client who was looked after elsewhere, or in another house, is taken in with what is known of them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from audit import trail
from clients import search
from clients.codes import new_code
from clients.models import Client
from practice.models import User

from .person import _save_under_a_free_code
from .team import assign


@dataclass(frozen=True)
class Before:
    """What was so before: where they stood, since when, and the code they were called by (kept where it is free)."""

    status: str = Client.Status.ACTIVE
    since: datetime.datetime | None = None
    code: str = ""


def bring_in(before: Before, *, by: User, counselor: User | None, kind: str = Client.Kind.ADULT, **identity: Any) -> Client:
    """A client from elsewhere. The grant goes first, as at intake; ``identity`` holds fields of person.IDENTITY."""
    client = Client(kind=kind, status=Client.Status(before.status), code=before.code or new_code(), **identity)
    client.since = before.since or client.since
    if counselor:
        assign(client, counselor, by=by, reason="intake")
    _save_under_a_free_code(client)
    search.refresh(client)
    trail.change(client, "bring_in")
    return client
