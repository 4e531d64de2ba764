"""A lawyer's subpoena of the demo: served, logged, answered neutrally. It says that it is invented."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from audit import clock, doors
from clients.access import counseled_clients
from clients.models import Client
from disclosures import actions
from disclosures.law.process import Scope
from practice.models import Practice, User
from practice.profile import zone_of

from .people import People, days_ago, ident

STORY = "wen"
OFFICE = "Law office of Birch and Larkin (invented)"
ASKS = "Any and all records of treatment, including dates of sessions, notes, and everything said in them. Invented."


def serve(people: People) -> None:
    """It came four days ago; nothing leaves on it, and nobody confirms anything."""
    ana = people["ana"]
    with timezone.override(zone_of(Practice.objects.get().timezone)):
        with _at(0, ana):
            client = counseled_clients(ana).filter(pk=ident("client", STORY)).first()
        if client is not None:
            _subpoena(client, ana)


@contextmanager
def _at(minutes: int, by: User) -> Iterator[None]:
    with clock.at(days_ago(4) + datetime.timedelta(minutes=minutes)), doors.system("demo", on_behalf_of=by):
        yield


def _subpoena(client: Client, by: User) -> None:
    with _at(1, by):
        until = clock.today() + datetime.timedelta(days=18)
        came = clock.now() - datetime.timedelta(minutes=50)
        served = actions.Served("subpoena_attorney", OFFICE, came, "Handed to Dee at the front desk.", until)
        row = actions.serve(client, served, by=by)
    with _at(9, by):
        scope = Scope(("session_dates", "progress_notes", "intake", "plan", "psychotherapy_notes"))
        actions.log_process(row, actions.Logged("No. 26-0417", "US", False, ASKS, scope), by=by)
    with _at(40, by):
        actions.consult_counsel(row, "The insurer's line", "No order, no assurance: do not confirm anything, and write to them.", by=by)
    with _at(50, by):
        actions.reply_to(row, "neutral", OFFICE, by=by)
