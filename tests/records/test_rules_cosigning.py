"""Who co-signs, sends back and gets back which note: the rules alone, in a database that hides nothing (SU-5, SU-6)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from audit import clock
from audit.models import Act
from clients.models import Codename
from practice.models import Supervision, User
from practice.roles import Role
from records import access, actions
from records.models import CoSignature, CosignRequest, EditRequest, Note
from tests.cast import acting, person, write_note
from tests.committed import House

from .found import end, found, grant, looking, put_away, told

COMMENT = "Please say who held the pewter jug."
SECOND = datetime.timedelta(seconds=1)


def supervisor(name: str) -> User:
    return person(name, Role.COUNSELOR, Role.SUPERVISOR)


def asked_of(who: User, note: Note) -> Note:
    """``note``, for which ``who`` was asked to co-sign."""
    CosignRequest.objects.create(note=note, author=note.author, supervisor=who, due_at=clock.now())
    return note


def sent_back(note: Note, by: User) -> Note:
    """``note``, which ``by`` asked its author to add to; nothing was added yet."""
    with acting(by):
        EditRequest(note=note, supervisor=by, comment=COMMENT).save(force_insert=True)
    return note


def test_su_5_a_note_falls_to_the_supervisor_of_now_when_who_was_asked_supervises_that_client_no_more(unlocked: House) -> None:
    olga = supervisor("Olga Second")
    Supervision.objects.filter(supervisee=unlocked.ana).update(until=clock.now())
    Supervision.objects.create(supervisor=olga, supervisee=unlocked.ana)
    passed, kept = (asked_of(unlocked.sofia, write_note(unlocked.ana, each, signed=True)) for each in (unlocked.cleo, unlocked.mia))
    for client in (unlocked.cleo, unlocked.mia):
        grant(client, olga, Codename.SUPERVISE)
    end(unlocked.cleo, unlocked.sofia)
    assert found(access.cosignable_notes, olga) == {passed.pk}
    assert found(access.cosignable_notes, unlocked.sofia) == {kept.pk}  # whose supervision of Mia goes on


def test_su_5_who_was_put_in_place_by_hand_for_this_client_co_signs_but_nothing_of_their_own(unlocked: House) -> None:
    nell, vera = supervisor("Nell Chosen"), supervisor("Vera Elsewhere")
    grant(unlocked.cleo, nell, Codename.SUPERVISE, "override")
    grant(unlocked.cleo, nell, Codename.COUNSEL, "assigned")
    grant(unlocked.cleo, vera, Codename.SUPERVISE)  # supervises somebody else who counsels Cleo,
    grant(unlocked.mia, vera, Codename.SUPERVISE, "override")  # and was put in place for Mia alone
    note = asked_of(unlocked.sofia, write_note(unlocked.ana, unlocked.cleo, signed=True))
    asked_of(unlocked.sofia, write_note(nell, unlocked.cleo, signed=True))
    end(unlocked.cleo, unlocked.sofia)
    assert found(access.cosignable_notes, nell) == {note.pk}
    assert found(access.cosignable_notes, vera) == set()


def test_su_5_who_counsels_a_client_and_supervises_their_care_no_more_co_signs_nothing_there(unlocked: House) -> None:
    sofia = unlocked.sofia
    over, goes_on = (asked_of(sofia, write_note(unlocked.ana, each, signed=True)) for each in (unlocked.cleo, unlocked.mia))
    end(unlocked.cleo, sofia)
    grant(unlocked.cleo, sofia, Codename.COUNSEL, "assigned")
    assert {over.pk, goes_on.pk} < found(access.readable_notes, sofia)
    assert found(access.cosignable_notes, sofia) == {goes_on.pk}


def test_su_6_what_was_co_signed_since_or_is_put_away_is_not_asked_of_its_author(unlocked: House) -> None:
    waiting, done, away = (write_note(unlocked.ana, each, signed=True) for each in (unlocked.cleo, unlocked.cleo, unlocked.mia))
    for note in (waiting, done, away):
        sent_back(asked_of(unlocked.sofia, note), unlocked.sofia)
    CoSignature.objects.create(note=done, supervisor=unlocked.sofia, signed_hash=b"x")
    put_away(unlocked.mia)
    assert found(access.returned_notes, unlocked.ana) == {waiting.pk}


def test_su_6_a_note_is_sent_back_until_something_was_added_to_that_note_since(unlocked: House) -> None:
    ana, sofia = unlocked.ana, unlocked.sofia
    plain, before, since = (asked_of(sofia, write_note(ana, unlocked.cleo, signed=True)) for _ in range(3))
    for note, added in ((before, -SECOND), (plain, None), (since, SECOND)):
        sent_back(note, sofia)
        if added:
            with acting(ana), clock.at(clock.now() + added * 60):
                actions.add_addendum(note, "It was the pewter jug.", by=ana)
    assert found(access.sent_back, sofia) == {plain.pk, before.pk}
    assert found(access.cosign_queue, sofia) == {since.pk}


def test_su_6_the_queue_holds_what_is_neither_sent_back_nor_put_away(unlocked: House) -> None:
    sofia = unlocked.sofia
    waits, back, away = (
        asked_of(sofia, write_note(unlocked.ana, each, signed=True)) for each in (unlocked.cleo, unlocked.cleo, unlocked.mia)
    )
    sent_back(back, sofia)
    put_away(unlocked.mia)
    assert found(access.cosignable_notes, sofia) == {waits.pk, back.pk, away.pk}
    assert found(access.cosign_queue, sofia) == {waits.pk}


NO_LOOK: dict[str, Callable[[House], dict[str, Any]]] = {
    "another's": lambda house: {"actor_id": house.ana.pk},
    "of another note": lambda house: {"what_id": house.addendum.pk},
    "in another record": lambda house: {"client_id": house.mia.pk},
    "asked for edits": lambda house: {"act": Act.CHANGE},
}


@pytest.mark.parametrize("what", [*NO_LOOK, "the page that asks"])
def test_su_6_what_is_no_look_at_the_note_is_not_when_the_supervisor_last_looked(unlocked: House, what: str) -> None:
    note, looked = unlocked.signed, clock.now() + SECOND
    with clock.at(looked):
        told(unlocked.sofia, note)
    with looking(unlocked.sofia) as request, clock.at(looked + SECOND):
        told(unlocked.sofia, note, **(NO_LOOK[what](unlocked) if what in NO_LOOK else {"request_id": request}))
        assert access.last_look(unlocked.sofia, note) == looked


def test_su_6_what_was_seen_before_it_was_signed_was_not_the_note(unlocked: House) -> None:
    note = unlocked.signed
    assert note.signed_at
    for moment, expected in ((note.signed_at - SECOND, None), (note.signed_at, note.signed_at)):
        with looking(unlocked.sofia), clock.at(moment):
            told(unlocked.sofia, note)
            assert access.last_look(unlocked.sofia, note) == expected
