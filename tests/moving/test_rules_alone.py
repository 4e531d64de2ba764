"""The rules of this room without the policies behind them: in whose name a record is packed, and who is the second person."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from audit import clock
from clients import actions as clients
from clients.access import live_grants
from clients.models import Client, ClientPermission, Codename
from moving import access, actions
from moving.models import MoveIn, MoveOut, MoveOutPart
from practice.models import User
from tests.cast import acting
from tests.unhidden import asked, unhidden

__all__ = ["unhidden"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhidden")]


def test_a_record_is_packed_in_the_name_of_a_counselor_from_whom_nothing_of_it_is_withheld(ana: User, ben: User, cleo: Client) -> None:
    with acting(ana):
        clients.assign(cleo, ben, by=ana)
    assert [grant.user for grant in access.readers(cleo)] == [ana, ben]
    bens = live_grants([Codename.COUNSEL]).get(user=ben, content_object=cleo)
    ClientPermission.objects.filter(pk=bens.pk).update(withheld=["notes"], record_from=clock.now())
    assert [grant.user for grant in access.readers(cleo)] == [ana]


def _brought(by: User, **said: Any) -> object:
    given = {"kind": "bundle", "system": "subrosa", "about": {}, "until": clock.now() + datetime.timedelta(days=1)}
    with acting(by):
        return MoveIn.objects.create(brought_by=by, **given | said).pk


def test_parts_are_sent_to_a_file_that_is_still_coming_and_to_no_other(ana: User, ben: User) -> None:
    coming, _ready, of_ben = _brought(ana, state="coming"), _brought(ana, state="ready"), _brought(ben, state="coming")
    assert asked(access.coming_moves_in, ana) == {coming}
    assert asked(access.coming_moves_in, ben) == {of_ben}


def test_a_file_is_its_bringers_while_they_counsel_or_are_at_the_desk(ana: User, dee: User, ada: User) -> None:
    of_ana, of_dee, _of_ada = (_brought(user, state="ready") for user in (ana, dee, ada))
    found = [asked(access.moves_in, user) for user in (ana, dee, ada)]
    assert found == [{of_ana}, {of_dee}, set()]


def test_the_second_person_is_an_admin_where_the_counselor_asked_and_the_counselor_where_an_admin_did(
    ana: User, ben: User, ada: User, nora: User, cleo: Client, bens_client: Client
) -> None:
    asks = (ana, cleo), (ada, cleo), (ben, bens_client), (nora, None)
    of_ana, of_ada, of_ben, of_all = (_asked(by, client) for by, client in asks)
    assert asked(access.decidable_moves, ada) == {of_ana, of_ben, of_all}
    assert asked(access.decidable_moves, nora) == {of_ana, of_ben}
    assert asked(access.decidable_moves, ana) == {of_ada}
    assert asked(access.decidable_moves, ben) == set()


def _asked(by: User, client: Client | None) -> object:
    with acting(by):
        return actions.ask(actions.Wish("We change to another system, by the flax mill."), client=client, by=by).pk


def test_of_a_bundle_of_the_practice_nobody_is_shown_the_part_of_whom_they_are_denied(
    ana: User, ada: User, nora: User, cleo: Client, mia: Client
) -> None:
    row, other = (MoveOut.objects.get(pk=_asked(by, None)) for by in (nora, ada))
    with acting(nora):
        of_cleo, of_mia, _ = (
            MoveOutPart.objects.create(out=out, client=client, number=number)
            for number, (out, client) in enumerate(((row, cleo), (row, mia), (other, mia)))
        )
    assert asked(access.parts, ada, row) == {of_cleo.pk, of_mia.pk}
    with acting(ana):
        clients.deny(cleo, ada, by=ana, reason="A cousin.")
    assert asked(access.parts, ada, row) == {of_mia.pk}
