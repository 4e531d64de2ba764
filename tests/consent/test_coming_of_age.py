"""The night a minor comes of age, as the worker lives it: under its own database role, on behalf of one counselor at a time."""

from __future__ import annotations

import datetime

import pytest

from audit import clock, doors
from audit.models import Event
from clients import access as clients_access
from clients import actions as clients
from clients import tasks
from clients.actions.coming_of_age import SUBJECT
from clients.models import Client, ComingOfAge, Representative
from consent import access
from consent.actions.asking import Named
from consent.models import Packet, PacketItem, Request, Signer
from consent.states import state_of
from practice.attention import waiting_for
from practice.models import Notice, Practice, User
from practice.roles import Role
from tests.cast import acting, person
from tests.committed import as_worker

from .papers import asked, form_in_force, signed_by

BORN, MAJORITY = datetime.date(2009, 12, 15), datetime.datetime(2027, 12, 15, 8, tzinfo=datetime.UTC)  # 00:00 in Los Angeles
SECOND = datetime.timedelta(seconds=1)


def at_night(moment: datetime.datetime) -> None:
    """The worker's round at ``moment``."""
    with as_worker(), clock.at(moment):
        tasks.look_for_majority()
        tasks.make_adults()


def told() -> int:
    with doors.system("test"):
        return sum(notice.subject == SUBJECT for notice in Notice.objects.filter(kind="majority"))


@pytest.fixture
def ana(own_db: str) -> User:
    return person("Ana Reyes", Role.COUNSELOR)


@pytest.fixture
def teen(ana: User) -> Client:
    with acting(ana):
        return clients.take_in(by=ana, counselor=ana, kind="minor", given_name="Mia", family_name="Aldana", born_on=BORN)


@pytest.fixture
def consent(ana: User, teen: Client) -> Request:
    """Her mother's, given with an authority that is open."""
    rosa = person("Rosa Aldana", Role.REPRESENTATIVE)
    with acting(ana):
        mother = clients.add_representative(teen, by=ana, relation="parent", name="Rosa Aldana", authority="parent", since=clock.now())
        clients.give_portal(teen, rosa, by=ana, representative=mother)
    version = form_in_force()
    request = asked(teen, ana, version, Named(teen, Signer.Capacity.GUARDIAN, mother), Named(teen, Signer.Capacity.ASSENT))
    signed_by(rosa, request, name="Rosa Aldana", relationship="mother")
    packet = Packet.objects.create(name="Adults", client_kinds=["adult"])
    PacketItem.objects.create(packet=packet, form=version.form, position=1)
    return request


def test_ic_32_the_night_a_teenager_comes_of_age(ana: User, teen: Client, consent: Request) -> None:
    at_night(MAJORITY - datetime.timedelta(days=91))
    assert (told(), ComingOfAge.objects.count()) == (0, 0)
    for days, notices in ((89, 1), (60, 1), (30, 2), (7, 3), (1, 3)):
        at_night(MAJORITY - datetime.timedelta(days=days))
        assert told() == notices, days
    at_night(MAJORITY - SECOND)
    with acting(ana), clock.at(MAJORITY - SECOND):
        assert Client.objects.get(pk=teen.pk).kind == "minor"
        assert [row["of_age"] for row in waiting_for(ana)["majority"]] == [False]
    at_night(MAJORITY)
    at_night(MAJORITY + SECOND)
    with acting(ana), clock.at(MAJORITY + SECOND):
        assert Client.objects.get(pk=teen.pk).kind == "adult"
        assert Representative.objects.get().until == MAJORITY
        former = Request.objects.get(pk=consent.pk)
        assert (former.ended_as, state_of(former).key) == ("expired", "expired")
        asked_anew = Request.objects.exclude(pk=consent.pk).get()
        assert (asked_anew.asked_by, asked_anew.signers.get().capacity) == (None, "self")
        assert "Ana Reyes" in asked_anew.shown
        assert not access.covering(teen, "in_person").exists()
        assert [row["of_age"] for row in waiting_for(ana)["majority"]] == [True]
        assert Event.objects.filter(part="come_of_age", client_id=teen.pk, role="system:majority", actor_id=ana.pk).count() == 1
    assert told() == 4


def test_ic_32_the_round_dates_again_what_no_action_saw(ana: User, teen: Client, consent: Request) -> None:
    Practice.objects.update(timezone="America/New_York")
    at_night(clock.now())
    with acting(ana):
        assert clients_access.in_portal(teen).get().until == MAJORITY - datetime.timedelta(hours=3)


def test_the_worker_sees_no_more_than_the_counselor_it_acts_for(ana: User, teen: Client, consent: Request) -> None:
    ben = person("Ben Okafor", Role.COUNSELOR)
    with as_worker(), doors.system("majority", on_behalf_of=ben):
        assert [model.objects.count() for model in (Client, Representative, Request, Signer, ComingOfAge)] == [0, 0, 0, 0, 0]
    with as_worker(), doors.system("majority"):
        assert [model.objects.count() for model in (Client, Representative, Request)] == [0, 0, 0]
