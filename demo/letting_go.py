"""Two records from long ago whose day is over: one may go, the other is on hold."""

from __future__ import annotations

import datetime
import uuid

from clients import actions as clients
from clients.models import Client
from records import actions as records
from retention import actions

from .chronicle import acting
from .diary import LENGTH
from .people import People, days_ago, ident

OLD = (
    ("Agnes", "Thorvald", 3400, "Came after the flood took the shop. Slept little, ate less, wanted to know what to do first.",
     "Back at work, in a rented room. Knows whom to call."),
    ("Bertil", "Quist", 3250, "Saw the accident at the crossing. Hears the brakes at night.", "Drives again. The brakes are only brakes."),
)  # fmt: skip
WHY = "A lawyer for the railway wrote: the families sue, and witnesses may be named. Keep everything until we hear that it is over."


def leave(people: People) -> None:
    """Tell both; nothing where they are told already."""
    made = [_tell(people, number, *old) for number, old in enumerate(OLD) if not _told(number)]
    if made:
        with acting(people["ada"], days_ago(40)):
            actions.place(made[-1], "court", WHY, by=people["ada"], since=days_ago(41).date())


def _told(number: int) -> bool:
    return Client.objects.filter(pk=ident("client", "let go", str(number))).exists()


def _tell(people: People, number: int, given: str, family: str, ago: int, came: str, left: str) -> Client:
    by, start = people["sofia"], days_ago(ago)
    with acting(by, start - datetime.timedelta(minutes=20)):
        key = ident("client", "let go", str(number))
        client = clients.take_in(by=by, counselor=by, kind="adult", id=key, given_name=given, family_name=family)
        session = records.plan_session(client, by=by, starts_at=start, ends_at=start + LENGTH, modality="in_person", crisis=True)
    with acting(by, start + LENGTH):
        records.record_outcome(session, "attended", by=by)
        note = records.begin_note(client, by=by, kind="progress", session=session)
        note = records.save_note(note, {"presenting": came}, by=by, version=note.version, key=uuid.uuid4())
        records.sign_note(note, by=by, shown=records.shown_hash(note).hex())
    with acting(by, start + datetime.timedelta(days=30)):
        clients.change_status(client, "discharged", by=by, reason=left)
        clients.change_status(client, "archived", by=by, reason="Nothing is open any more.")
    return client
