"""The rules of this room without the policies behind them: what an admin is shown of paper that is not back."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from audit import clock
from clients.models import Client
from paper import access
from paper.models import Cabinet, Checkout, KeyHolder, Lock, PaperFile
from practice.models import User
from tests.cast import acting
from tests.unhidden import asked, unhidden

__all__ = ["unhidden"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhidden")]

HOUR = datetime.timedelta(hours=1)
LABELS = iter(f"{number:04}-FILE" for number in range(1000))


@pytest.fixture
def cabinet() -> Cabinet:
    return Cabinet.objects.create(name="B", place="Room 2", lock=Lock.objects.create(name="L1"))


def _file(cabinet: Cabinet, client: Client, **more: Any) -> PaperFile:
    return PaperFile.objects.create(client=client, cabinet=cabinet, label=next(LABELS), **more)


def _out(file: PaperFile, by: User, due: datetime.timedelta, **more: Any) -> Checkout:
    """``file`` is out with ``by``, due ``due`` from now."""
    now = clock.now()
    said = {"purpose": "A session in the ochre room", "destination": "", "transport": "hand", "out_at": now - 90 * HOUR}
    with acting(by):
        return Checkout.objects.create(file=file, client=file.client, out_by=by, due_at=now + due, **said | more)


def test_an_admin_sees_psychotherapy_notes_on_paper_only_once_they_are_missing_or_asked_to_leave_the_house(
    ana: User, ada: User, cleo: Client, cabinet: Cabinet
) -> None:
    now, apart = clock.now(), {"kind": PaperFile.Kind.PSYCHOTHERAPY, "originator": ana}
    _shut, late, out, back, asked_for, taken_back = files = [_file(cabinet, cleo, **apart) for _ in range(6)]
    lost = _file(cabinet, cleo, state=PaperFile.State.LOST, **apart)
    main = _file(cabinet, cleo)
    _out(late, ana, -25 * HOUR)
    _out(out, ana, HOUR)
    _out(back, ana, -25 * HOUR, in_at=now)
    _out(asked_for, ana, HOUR, out_at=None)
    _out(taken_back, ana, HOUR, out_at=None, in_at=now)
    assert asked(access.paper_files, ada) == {late.pk, asked_for.pk, lost.pk, main.pk}
    assert asked(access.paper_files, ana) == {each.pk for each in [*files, lost, main]}


def test_what_should_have_been_back_three_days_ago_is_said_to_admins_but_not_of_what_one_of_two_took_themself(
    ana: User, ada: User, cleo: Client, cabinet: Cabinet, request: pytest.FixtureRequest
) -> None:
    _late, given_up, own = (_out(_file(cabinet, cleo), by, due) for by, due in ((ana, -71 * HOUR), (ana, -73 * HOUR), (ada, -73 * HOUR)))
    assert asked(access.given_up_checkouts, ada) == {given_up.pk, own.pk}
    assert asked(access.given_up_checkouts, ana) == set()
    nora = request.getfixturevalue("nora")
    assert asked(access.given_up_checkouts, ada) == {given_up.pk}
    assert asked(access.given_up_checkouts, nora) == {given_up.pk, own.pk}


def test_an_admin_lets_files_of_others_leave_the_house_and_none_of_their_own(ana: User, ada: User, cleo: Client, cabinet: Cabinet) -> None:
    leaving = {"off_site": True, "transport": "locked", "out_at": None}
    others, _own = (_out(_file(cabinet, cleo), by, HOUR, **leaving) for by in (ana, ada))
    _out(_file(cabinet, cleo), ana, HOUR, out_at=None)  # which is not to leave it
    assert asked(access.checkouts_to_approve, ada) == {others.pk}
    assert asked(access.checkouts_to_approve, ana) == set()


def test_who_has_a_file_is_seen_by_whoever_sees_that_file(
    ana: User, ben: User, ada: User, cleo: Client, bens_client: Client, cabinet: Cabinet
) -> None:
    of_cleo, of_bruno = _out(_file(cabinet, cleo), ana, HOUR), _out(_file(cabinet, bens_client), ben, HOUR)
    found = [asked(access.checkouts, user) for user in (ana, ben, ada)]
    assert found == [{of_cleo.pk}, {of_bruno.pk}, {of_cleo.pk, of_bruno.pk}]


def test_a_key_that_was_given_back_is_held_by_nobody(ana: User, ben: User, ada: User, cabinet: Cabinet) -> None:
    held, of_ben = (KeyHolder.objects.create(lock=cabinet.lock, person=each) for each in (ana, ben))
    KeyHolder.objects.create(lock=cabinet.lock, person=ada, returned_at=clock.now())
    found = [asked(access.keys, user) for user in (ana, ada)]
    assert found == [{held.pk}, {held.pk, of_ben.pk}]


def test_psychotherapy_notes_on_paper_are_their_originators_while_they_are_on_the_care_team(
    ana: User, ben: User, dee: User, cleo: Client, cabinet: Cabinet
) -> None:
    own, _bens, _dees = (_file(cabinet, cleo, kind=PaperFile.Kind.PSYCHOTHERAPY, originator=each) for each in (ana, ben, dee))
    main = _file(cabinet, cleo)
    found = [asked(access.paper_files, user) for user in (ana, ben, dee)]
    assert found == [{own.pk, main.pk}, set(), {main.pk}]
