"""A couple, and an hour the two of them had with Ana; and a practice in a database that hides nothing."""

from __future__ import annotations

import datetime

import pytest

from audit import clock
from clients import actions as clients
from clients.models import Client
from practice.models import User
from records import actions
from records.models import Session
from tests.cast import Intake, acting
from tests.unhidden import furnished as furnished
from tests.unhidden import unlocked as unlocked


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
