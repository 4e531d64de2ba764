"""Whose sessions, and whose parts in them: the rules alone, in a database that hides nothing (REC-2, IC-33, IC-34)."""

from __future__ import annotations

import datetime
import uuid

from audit import clock
from clients import actions as clients
from clients.models import Client, Codename, Denial, Member
from practice.models import User
from records import access, actions
from records.models import Session
from tests.cast import PRIVATE, acting, write_note
from tests.committed import House
from tests.consented import consented

from .found import found, grant
from .hands import questions

DAY = datetime.timedelta(days=1)


def hour(client: Client, by: User, days_ago: float, *participants: Client, number: int = 0) -> Session:
    """An hour of ``client`` with ``by``, planned through the action; under an id made of ``number`` where it matters which is first."""
    start = clock.now() - days_ago * DAY
    ends_at, ident = start + datetime.timedelta(minutes=50), uuid.UUID(int=number) if number else None
    with acting(by):
        return actions.plan_session(
            client, by=by, starts_at=start, ends_at=ends_at, modality="in_person", participants=participants, ident=ident
        )


def a_couple(by: User, *people: Client) -> Client:
    """Two more whom ``by`` counsels together, and who of them has a record of their own."""
    with acting(by):
        unit = clients.take_in(by=by, counselor=by, kind="couple", given_name="Marigold", family_name="Pemberton")
    Member.objects.bulk_create([Member(unit=unit, person=each) for each in people])
    consented(unit, by)
    return unit


def test_ic_34_who_is_denied_a_couple_sees_nothing_of_it_in_a_record_of_their_own_client(unlocked: House) -> None:
    ana, ben, cleo = unlocked.ana, unlocked.ben, unlocked.cleo
    grant(cleo, ben, Codename.COUNSEL, "assigned")
    theirs, notes = found(access.readable_sessions, ben), found(access.readable_once_signed, ben)
    couple = a_couple(ana, cleo)
    row = hour(couple, ana, 1, cleo).rows.get()
    part = write_note(ana, cleo, session=row, signed=True)
    assert found(access.readable_sessions, ben) == {*theirs, row.pk}
    assert found(access.readable_once_signed, ben) == {*notes, part.pk}
    with acting(ana):
        Denial(client=couple, user=ben, reason="A brother of hers.", denied_by=ana).save(force_insert=True)
    assert found(access.readable_sessions, ben) == theirs
    assert found(access.readable_once_signed, ben) == notes


def test_rec_1_ones_own_psychotherapy_note_is_no_part_of_what_several_said(unlocked: House) -> None:
    ana, couple = unlocked.ana, a_couple(unlocked.ana, unlocked.cleo)
    whole = hour(couple, ana, 1, unlocked.cleo)
    shared = write_note(ana, couple, session=whole, signed=True)
    part = write_note(ana, unlocked.cleo, session=whole.rows.get(), signed=True)
    write_note(ana, couple, kind="psychotherapy", session=whole, text=PRIVATE)
    assert found(access.part_notes, ana, whole) == {shared.pk, part.pk}


def test_ic_34_of_each_session_are_told_those_who_belong_to_it_and_are_out_of_reach(unlocked: House) -> None:
    ana, bruno = unlocked.ana, unlocked.bruno
    theirs, others = a_couple(ana, unlocked.cleo, bruno), a_couple(ana, unlocked.cleo, unlocked.mia)
    with_bruno, without = hour(theirs, ana, 1, unlocked.cleo, number=1), hour(others, ana, 1, unlocked.cleo, number=2)
    with acting(ana):
        assert [each["code"] for each in access.beyond_reach(ana, with_bruno)] == [bruno.code]
        assert access.beyond_reach(ana, without) == []


def test_of_one_persons_session_and_of_none_nothing_is_asked(unlocked: House) -> None:
    with acting(unlocked.ana), questions() as asked:
        assert access.beyond_reach(unlocked.ana, unlocked.session) == []
    assert asked == []
    assert access.beyond_reach(unlocked.ana, None) == []


def test_ic_33_who_comes_is_chosen_among_those_who_belong_to_the_couple_today(unlocked: House) -> None:
    couple = a_couple(unlocked.ana, unlocked.cleo, unlocked.mia, unlocked.bruno)
    Member.objects.filter(unit=couple, person=unlocked.mia).update(left_at=clock.now())
    a_couple(unlocked.ana, unlocked.mia)
    assert found(access.possible_participants, unlocked.ana, couple) == {unlocked.cleo.pk}


def test_ic_33_of_a_place_that_is_no_more_nobody_is_told_who_came(unlocked: House) -> None:
    couple = a_couple(unlocked.ana, unlocked.cleo, unlocked.mia)
    hour(couple, unlocked.ana, 1, unlocked.cleo)
    came, stayed = (Member.objects.get(unit=couple, person=each) for each in (unlocked.cleo, unlocked.mia))
    with acting(unlocked.ana):
        assert access.may_have_come(came)
        assert not access.may_have_come(stayed)
        Member.objects.filter(pk=came.pk).delete()
        assert not access.may_have_come(came)


def test_the_next_session_is_to_come_and_not_cancelled(unlocked: House) -> None:
    ana, cleo = unlocked.ana, unlocked.cleo
    _past, cancelled, wanted, _later = (hour(cleo, ana, days) for days in (1, -1, -2, -3))
    Session.objects.filter(pk=cancelled.pk).update(outcome=Session.Outcome.CANCELLED)
    with acting(ana):
        assert access.next_session(ana, cleo) == wanted


def test_what_is_coming_is_planned_and_one_line_for_a_couple(unlocked: House) -> None:
    ana, cleo, before = unlocked.ana, unlocked.cleo, found(access.coming_sessions, unlocked.ana)
    _past, cancelled, wanted = (hour(cleo, ana, days) for days in (1, -1, -2))
    Session.objects.filter(pk=cancelled.pk).update(outcome=Session.Outcome.CANCELLED)
    whole = hour(a_couple(ana, cleo), ana, -3, cleo)
    assert whole.rows.get().pk in found(access.readable_sessions, ana)
    assert found(access.coming_sessions, ana) - before == {wanted.pk, whole.pk}


def test_rec_5_no_note_here_is_late_for_a_session_that_was_held_elsewhere(unlocked: House) -> None:
    ana, start = unlocked.ana, clock.now() - DAY
    with acting(ana):
        held = actions.Held(start, start + datetime.timedelta(minutes=50), {"where": "At the former practice"})
        brought = actions.bring_session(unlocked.mia, held, by=ana)
    here = hour(unlocked.mia, ana, 1)
    assert {here.pk, brought.pk} <= found(access.changeable_sessions, ana)
    assert found(access.unnoted_sessions, ana) == {here.pk}
