"""What somebody who leaves has to settle, in the order of the page: their clients, and what waits for them elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from clients.models import ClientPermission
from clients.models.steps import ENDED
from practice.models import User

from . import access
from .models import Transfer

# Key of the database's count, what it is, what to do about it. Supervision received ends with the account and is only said.
LOOSE = (
    ("drafts", "Unsigned notes", "They sign or discard each before their access ends: nobody else can."),
    ("unnoted", "Sessions without a note", "They write the note, or say that the session did not take place."),
    ("planned", "Sessions that are planned", "They cancel them, or agree with the colleague who goes on."),
    ("cosign", "Notes that wait for their co-signature", "They sign them, or the next supervisor of the author does."),
    ("supervises", "Colleagues whom they supervise", "An admin chooses another supervisor for each."),
    ("offered", "Clients offered to them", "They decline, so that somebody else can be asked."),
    ("releases", "Releases in preparation", "They send them or give them up."),
    ("exceptions", "Exceptions to confidentiality that are not over", "They decide, report and close: nobody can for them (REP-1)."),
    ("consults", "Questions of supervisees", "They answer."),
    ("requests", "Requests by right of clients who are theirs alone", "They answer, or the client goes to a colleague first."),
    ("tasks", "Tasks of incidents", "They finish them, or the privacy officer gives them to somebody else."),
    ("explain", "Questions of the review of the trail", "They explain."),
)


@dataclass(frozen=True)
class Standing:
    """One client of somebody who leaves."""

    grant: ClientPermission
    transfer: Transfer | None

    @property
    def settled(self) -> str:
        """How it is settled, in a word; empty while it is not."""
        if self.grant.until is not None:
            return "handed on"
        return "discharged" if self.grant.content_object.status in ENDED else ""


@dataclass(frozen=True)
class Left:
    """Things of one kind."""

    count: int
    what: str
    todo: str


def clients_of(person: User, *, by: Any) -> list[Standing]:
    """The clients of ``person``, those that are not settled first."""
    grants = list(access.handed_on(by, person))
    rows = access.transfers(by).filter(outcome="", client__in=[grant.content_object_id for grant in grants])
    waiting = {row.client_id: row for row in rows.defer("reason", "told_words", "answer")}
    found = [Standing(grant, waiting.get(grant.content_object_id)) for grant in grants]
    return sorted(found, key=lambda each: bool(each.settled))


def left_by(person: User) -> list[Left]:
    """What else is left of ``person``, and what to do about it; kinds without any are left out."""
    counted = access.left_by(person)
    return [Left(counted[key], what, todo) for key, what, todo in LOOSE if counted.get(key)]


def how_many(person: User) -> int:
    """How many things are left, clients with them. The database counts those that the one who asks may not see."""
    return sum(access.left_by(person).values())
