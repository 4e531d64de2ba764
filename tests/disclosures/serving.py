"""What hands do with a paper that was served, for the tests of this room."""

from __future__ import annotations

import datetime
from typing import Any

from audit import clock
from clients.models import Client
from disclosures import actions
from disclosures.law.process import Scope
from disclosures.models import LegalProcess
from practice.models import Practice, User
from tests.cast import acting

DATES = Scope(("session_dates",))
ORDER = "Order 9 of Judge Teal, 3 May"


def served(client: Client, by: User, kind: str = "court_order", **more: Any) -> LegalProcess:
    """A paper that was served an hour ago."""
    values = {"kind": kind, "issuer": "Lawyer Quill", "served_how": "By hand", "served_at": clock.now() - datetime.timedelta(hours=1)}
    with acting(by):
        return actions.serve(client, actions.Served(**(values | more)), by=by)


def logged(client: Client, by: User, kind: str = "court_order", scope: Scope = DATES, *, place: str = "US", **more: Any) -> LegalProcess:
    """What it says is written down."""
    row = served(client, by, kind, **more)
    with acting(by):
        actions.log_process(row, actions.Logged("Case 9", place, False, "Dates of treatment", scope), by=by)
    return row


def told(client: Client, by: User, kind: str = "court_order", scope: Scope = DATES, **more: Any) -> LegalProcess:
    """Validated, and the client was told."""
    row = logged(client, by, kind, scope, **more)
    with acting(by):
        actions.validate_process(row, "Called the clerk", practice=Practice.objects.get(), by=by, tested=True)
        actions.tell_of_process(row, actions.ToldOf("In session"), by=by)
    return row


def ordered(
    client: Client, by: User, scope: Scope = DATES, kind: str = "court_order", *, issuer: str = "Lawyer Quill", **more: Any
) -> LegalProcess:
    """It is to be answered, with ``scope``."""
    row = told(client, by, kind, issuer=issuer)
    with acting(by):
        actions.order_answer(row, actions.Ordered(scope, ORDER, **more), by=by)
    return row


def assured(client: Client, by: User, scope: Scope = DATES, kind: str = "subpoena_attorney") -> LegalProcess:
    """A subpoena that may be answered: a protective order was asked for, and counsel consulted."""
    row = told(client, by, kind, scope)
    with acting(by):
        today = clock.today() - datetime.timedelta(days=1)
        actions.assure(row, actions.Assured("qpo", "Their motion of Monday", protected_on=today), by=by)
        actions.consult_counsel(row, "Our lawyer", "It may be answered.", by=by)
        actions.authorize_answer(row, "assurance", "", practice=Practice.objects.get(), by=by)
    return row


def answering(row: LegalProcess, basis: str = "court_order", **more: Any) -> dict[str, Any]:
    """What a release begins with that answers ``row``."""
    return {"basis": basis, "authorization": None, "process": row, "recipient": "Lawyer Quill", "purpose": "A lawsuit"} | more
