"""A practice whose oldest records are over their day: what the tests of letting go begin with. Everything commits."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from audit import clock
from clients import actions as clients
from clients.models import Client, ContactPoint
from practice.models import User
from practice.roles import Role
from records import actions as records
from records.models import Session
from retention import actions
from retention.models import Batch, Standing
from tests.cast import acting, person, write_note
from tests.committed import as_worker

LONG_AGO = datetime.timedelta(days=3650)
PLANTED = "She spoke of the verdigris sundial."
_numbers = count(1)


@dataclass
class Past:
    """The people, and old records by number."""

    name: str  # of the database
    ana: User
    ada: User
    ben: User
    made: list[Client] = field(default_factory=list)

    def old(self, **person_fields: Any) -> Client:
        """Another client of Ana's whose work ended ten years ago, archived, with a portal account."""
        with clock.at(clock.now() - LONG_AGO):
            client = self._worked(person_fields)
        self.made.append(client)
        return client

    def _worked(self, fields: dict[str, Any]) -> Client:
        number, ana, at = next(_numbers), self.ana, clock.now()
        with acting(ana):
            given = {"given_name": "Verity", "family_name": "Sundial"} | fields
            client = clients.take_in(by=ana, counselor=ana, **given)
            clients.add_contact_point(client, by=ana, kind=ContactPoint.Kind.MAIL, address=f"verity{number}@mail.test", may_contact=True)
            clients.give_portal(client, person(f"Verity{number} Sundial", Role.CLIENT), by=ana)
            session = records.plan_session(
                client, by=ana, starts_at=at - datetime.timedelta(hours=3), ends_at=at - datetime.timedelta(hours=2), modality="video",
                crisis=True,
            )  # fmt: skip
            records.record_outcome(session, "attended", by=ana)
        write_note(ana, client, session=session, signed=True, text=PLANTED)
        with acting(ana):
            records.add_document(client, PLANTED.encode(), by=ana, name="sundial.txt")
            clients.change_status(client, "discharged", by=ana, reason=PLANTED)
            clients.change_status(client, "archived", by=ana, reason=PLANTED)
        return client

    def met(self, unit: Client, *people: Client) -> Session:
        """A session of a couple ten years ago with these people there; then its record is archived."""
        with clock.at(clock.now() - LONG_AGO + datetime.timedelta(days=1)), acting(self.ana):
            at = clock.now()
            session = records.plan_session(
                unit, by=self.ana, starts_at=at - datetime.timedelta(hours=3), ends_at=at - datetime.timedelta(hours=2), modality="video",
                crisis=True, participants=people,
            )  # fmt: skip
            records.record_outcome(session, "attended", by=self.ana)
            write_note(self.ana, unit, session=session, signed=True, text=PLANTED)
            clients.change_status(unit, "discharged", by=self.ana, reason=PLANTED)
            clients.change_status(unit, "archived", by=self.ana, reason=PLANTED)
            return session

    def ripe(self, client: Client) -> Standing:
        """Its standing, as the job counted it."""
        return Standing.objects.select_related("client").get(client=client)

    def proposed(self, *chosen: Client, ago: float = 0, method: str = "crypto") -> Batch:
        """Ada proposes them and asks Ana."""
        with clock.at(clock.now() - datetime.timedelta(days=ago)), acting(self.ada):
            rows = [self.ripe(client) for client in chosen]
            return actions.propose(actions.Proposal(rows, {row.client_id: row.client.code for row in rows}, method, self.ana), by=self.ada)

    def approved(self, *chosen: Client, ago: float = 31, method: str = "crypto") -> Batch:
        """The same, and Ana approves, some days ago."""
        batch = self.proposed(*chosen, ago=ago, method=method)
        with clock.at(clock.now() - datetime.timedelta(days=ago)), acting(self.ana):
            batch = Batch.objects.get(pk=batch.pk)
            actions.approve(batch, {client.pk: client.code for client in chosen}, by=self.ana)
        return batch


def counted() -> int:
    """The nightly job looks."""
    with as_worker():
        return actions.look()


def night() -> int:
    """The hourly job destroys what is due."""
    with as_worker():
        return actions.destroy_due()


@contextmanager
def furnished(name: str) -> Iterator[Past]:
    """In the database ``name``: Ana, Ada and Ben, who began eleven years ago."""
    with clock.at(clock.now() - datetime.timedelta(days=4000)):
        yield Past(name, person("Ana Reyes", Role.COUNSELOR), person("Ada Novak", Role.ADMIN), person("Ben Okafor", Role.COUNSELOR))
