"""The queues of consent at home: what came back, what ends soon, and sessions that were held without."""

from __future__ import annotations

from consent import access
from consent.states import state_of
from practice.attention import SHOWN, Queue, Rows
from practice.models import User


def _rows(requests: object) -> Rows:
    return [{"request": each, "client": each.client, "state": state_of(each)} for each in requests[:SHOWN]]  # type: ignore[index]  # a queryset


def _returned(person: User) -> Rows:
    return _rows(access.returned(person))


def _expiring(person: User) -> Rows:
    return _rows(access.expiring(person))


def override_rows(person: User) -> Rows:
    """Overrides that ``person`` may review; their reasons stay shut."""
    return [{"override": each, "client": each.client} for each in access.overrides_to_review(person).defer("reason")[:SHOWN]]


QUEUES = (
    Queue("forms-returned", "Forms returned", 26, "consent/_request_row.html", _returned),
    Queue("consents-expiring", "Consents expiring", 27, "consent/_request_row.html", _expiring),
    Queue(
        "overrides", "Sessions held without a consent", 28, "consent/_override_row.html", override_rows,
        "Somebody held a session though a consent was missing, and said why. Somebody else looks at it (IC-23).",
    ),
)  # fmt: skip
