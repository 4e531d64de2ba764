"""The rules of this room without the policies behind them: who leaves, who may end that, and who is somebody else."""

from __future__ import annotations

import pytest

from audit import clock
from clients import actions as clients
from clients.models import Client
from practice.models import User
from practice.roles import Role
from tests.cast import acting
from tests.unhidden import asked, unhidden
from transfers import access, actions
from transfers.models import Departure, Transfer

from .conftest import Offered, today

__all__ = ["unhidden"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhidden")]


def test_a_leaving_is_ended_by_an_admin_who_is_not_the_one_leaving(ada: User, nora: User, ben: User) -> None:
    of_ben, of_ada = (_leaving(user, nora) for user in (ben, ada))
    assert asked(access.endable_departures, nora) == {of_ben, of_ada}
    assert asked(access.endable_departures, ada) == {of_ben}
    assert asked(access.endable_departures, ben) == set()
    assert asked(access.departures, ben) == {of_ben}


def _leaving(user: User, by: User) -> object:
    with acting(by):
        return actions.begin(user, today(30), by=by).pk


def test_an_admin_prepares_the_leaving_of_anybody_who_works_here_but_their_own(ada: User, ben: User, otto: User, portal_cleo: User) -> None:
    assert {*asked(access.others, ada)} & {ada.pk, ben.pk, otto.pk, portal_cleo.pk} == {ben.pk}
    assert asked(access.others, ben) == set()


def test_a_client_is_offered_to_whom_they_deny_nothing_and_until_it_is_answered(
    ana: User, ben: User, sofia: User, cleo: Client, mia: Client, bens_client: Client, offered: Offered
) -> None:
    of_cleo, of_mia, to_sofia = offered(), offered(mia), offered(bens_client, by=ben, to=sofia)
    assert asked(access.offered_transfers, ben) == {of_cleo.pk, of_mia.pk}
    assert asked(access.offered_transfers, sofia) == {to_sofia.pk}
    with acting(ana):
        clients.deny(cleo, ben, by=ana, reason="A cousin.")
    assert asked(access.offered_transfers, ben) == {of_mia.pk}


def test_an_offer_is_for_a_counselor_and_until_it_ends(ana: User, ben: User, cleo: Client, mia: Client, offered: Offered) -> None:
    waits, over = offered(), offered(mia)
    Transfer.objects.filter(pk=over.pk).update(outcome="withdrawn", ended_by=ana, ended_at=clock.now())
    assert asked(access.offered_transfers, ben) == asked(access.transfers, ben) == {waits.pk}
    ben.roles = [Role.DESK]
    User.objects.filter(pk=ben.pk).update(roles=ben.roles)
    assert asked(access.offered_transfers, ben) == set()


def test_who_works_here_no_more_is_shown_no_leaving(ada: User, portal_cleo: User) -> None:
    row = Departure.objects.create(person=portal_cleo, last_day=today(30), begun_by=ada)
    assert (asked(access.departures, ada), asked(access.departures, portal_cleo)) == ({row.pk}, set())


def test_what_is_left_is_counted_for_the_one_who_leaves(ana: User, ben: User, cleo: Client, mia: Client, bens_client: Client) -> None:
    for user, count in ((ana, 2), (ben, 1)):
        with acting(user):
            assert access.left_by(user)["clients"] == count
