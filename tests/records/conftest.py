"""A couple, and an hour the two of them had with Ana; and a practice in a database that hides nothing."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from audit import clock
from clients import actions as clients
from clients.models import Client
from practice.models import User
from records import actions
from records.models import Session
from tests.cast import Intake, acting
from tests.committed import House, as_role, furnish, own_database
from vault import keys


@pytest.fixture
def casimir(ana: User) -> Client:
    with acting(ana):
        return clients.take_in(by=ana, counselor=ana, given_name="Casimir", family_name="Thorvaldsen", preferred_name="Caz")


@pytest.fixture
def couple(ana: User, cleo: Client, casimir: Client, intake: Intake) -> Client:
    with acting(ana):
        unit = clients.take_in(by=ana, counselor=ana, kind="couple", given_name="Marigold", family_name="Pemberton")
        for person in (cleo, casimir):
            clients.join_unit(unit, person, by=ana)
    intake(unit, ana)
    return unit


@pytest.fixture
def together(ana: User, couple: Client, cleo: Client, casimir: Client) -> Session:
    """Yesterday's hour of the two of them."""
    start = clock.now() - datetime.timedelta(hours=18)
    with acting(ana):
        session = actions.plan_session(
            couple, by=ana, starts_at=start, ends_at=start + datetime.timedelta(minutes=80), modality="video", place="At Casimir's",
            participants=[cleo, casimir],
        )  # fmt: skip
        actions.record_outcome(session, "attended", by=ana)
    return session


@pytest.fixture(scope="module")
def furnished(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[House]:
    """The practice, committed, and Django connected as the owner of its database: what a rule leaves out is left out by it alone."""
    with own_database(django_db_blocker, worker_id):
        keys.forget_practice_keys()
        house = furnish()
        with as_role("DATABASE_URL_OWNER"):
            yield house
    keys.forget_practice_keys()


@pytest.fixture
def unlocked(furnished: House) -> Iterator[House]:
    """That practice, without the second lock; whatever a test does there is undone."""
    with transaction.atomic():
        yield furnished
        transaction.set_rollback(True)
