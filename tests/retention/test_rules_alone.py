"""The rules of this room without the policies behind them: whose birthday nobody wrote down, and who sees which hold."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from audit import clock
from clients import actions as clients
from clients.models import Client
from practice.models import User
from practice.roles import Role
from retention import access
from retention.models import Batch, Hold, Item, Longer, Standing
from tests.cast import acting, person
from tests.unhidden import asked, unhidden

__all__ = ["unhidden"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhidden")]

DAY = datetime.timedelta(days=1)
BORN = datetime.date(2012, 8, 15)


def _ended(by: User, kind: str, *members: Client, born_on: datetime.date | None = None) -> Client:
    """Somebody whom ``by`` counseled, or some together."""
    with acting(by):
        row = clients.take_in(by=by, counselor=by, kind=kind, given_name="Iris", family_name="Quill", born_on=born_on)
        for each in members:
            clients.join_unit(row, each, by=by)
    Client.objects.filter(pk=row.pk).update(status=Client.Status.DISCHARGED)
    return row


def test_of_ended_records_those_of_a_minor_without_a_birthday_are_named_and_no_others(ana: User, ben: User, ada: User) -> None:
    unknown, _known, _adult = _ended(ana, "minor"), _ended(ana, "minor", born_on=BORN), _ended(ana, "adult")
    with_unknown = _ended(ana, "family", unknown, _adult)
    _with_known, _of_adults = _ended(ana, "family", _known, _adult), _ended(ana, "couple", _adult)
    bens = _ended(ben, "minor")
    assert asked(access.unborn_clients, ana) == {unknown.pk, with_unknown.pk}
    assert asked(access.unborn_clients, ben) == {bens.pk}
    assert asked(access.unborn_clients, ada) == {unknown.pk, with_unknown.pk, bens.pk}


def _hold(by: User, client: Client | None) -> Any:
    with acting(by):
        return Hold.objects.create(client=client, ground="court", reason="A letter from the teal court.", since=BORN, placed_by=by).pk


def test_a_hold_is_seen_by_admins_and_the_care_team_and_one_on_all_by_whoever_counsels_and_by_nobody_at_the_desk(
    ana: User, ben: User, ada: User, nora: User, dee: User, portal_cleo: User, cleo: Client
) -> None:
    maud = person("Maud Sole", Role.SUPERVISOR)
    of_cleo, of_all = _hold(ana, cleo), _hold(ada, None)
    with acting(ana):
        clients.deny(cleo, nora, by=ana, reason="A cousin.")
    found = {user: asked(access.holds, user) for user in (ana, ada, nora, ben, maud, dee, portal_cleo)}
    both, all_alone, none = (ana, ada), (nora, ben, maud), (dee, portal_cleo)
    assert [found[user] for user in both] == [{of_cleo, of_all}] * 2
    assert [found[user] for user in all_alone] == [{of_all}] * 3
    assert [found[user] for user in none] == [set()] * 2


def _batch(by: User, client: Client, **said: Any) -> Any:
    with acting(by):
        row = Batch.objects.create(method="crypto", proposed_by=by, witness="", vendor="", **said)
        Item.objects.create(batch=row, client=client, code=client.code, told={}, why="")
    return row.pk


def test_where_nobody_else_is_here_whoever_proposed_approves_and_no_other_admin(
    ana: User, ben: User, ada: User, nora: User, cleo: Client, mia: Client, bens_client: Client
) -> None:
    of_ada, of_nora = _batch(ada, cleo, outside=True), _batch(nora, mia, outside=True)
    asking = _batch(ada, bens_client, asked=ana)
    assert asked(access.batches, nora) == {of_ada, of_nora, asking}
    assert asked(access.approvable_batches, ada) == {of_ada}
    assert asked(access.approvable_batches, nora) == {of_nora}
    assert asked(access.approvable_batches, ana) == {asking}
    assert asked(access.approvable_batches, ben) == set()


def test_what_was_touched_or_is_kept_longer_since_it_was_counted_is_not_eligible(ana: User, ben: User, ada: User) -> None:
    plain, before, since, over, touched, unripe, waiting = rows = [_ended(ana, "adult") for _ in range(7)]
    open_again, looked = _ended(ana, "adult"), clock.now()
    Client.objects.filter(pk__in=[row.pk for row in rows]).update(recent_at=looked - DAY)
    Client.objects.filter(pk=open_again.pk).update(recent_at=looked - DAY, status=Client.Status.ACTIVE)
    Client.objects.filter(pk=touched.pk).update(recent_at=looked + DAY)
    with acting(ana):
        said: dict[str, Any] = {"look_on": BORN, "looked_at": looked, "told": {}}
        found = {row: Standing.objects.create(client=row, ripe=row != unripe, **said).pk for row in (*rows, open_again)}
        kept: dict[str, Any] = {"told": {}, "by": ana, "why": ""}
        Longer.objects.create(client=before, at=looked - 2 * DAY, ended_by=ada, ended_at=looked - DAY, **kept)
        Longer.objects.create(client=since, at=looked + DAY, **kept)
        Longer.objects.create(client=over, at=looked - DAY, ended_by=ada, ended_at=looked + DAY, **kept)
    _batch(ada, waiting, asked=ana)
    for user in (ana, ada):
        assert asked(access.eligible, user) == {found[plain], found[before]}
    assert asked(access.eligible, ben) == set()


def test_a_batch_is_seen_by_who_works_here_and_is_denied_no_client_in_it(
    ana: User, ada: User, nora: User, portal_cleo: User, cleo: Client, mia: Client, bens_client: Client
) -> None:
    of_cleo, of_mia, done = _batch(ada, cleo, asked=ana), _batch(ada, mia, asked=ana), _batch(ada, bens_client, asked=ana)
    of_client = _batch(portal_cleo, _ended(ana, "adult"), asked=ana)
    with acting(ada):
        Item.objects.filter(batch=done).update(state=Item.State.STOPPED, ended_at=clock.now())
    assert asked(access.approvable_batches, ana) == asked(access.undoable_batches, ana) == {of_cleo, of_mia, of_client}
    assert asked(access.batches, portal_cleo) == set()
    with acting(ana):
        clients.deny(cleo, nora, by=ana, reason="A cousin.")
    assert asked(access.batches, nora) == {of_mia, done, of_client}
