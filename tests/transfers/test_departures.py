"""Somebody leaves: what is left is what the rows say, and the account ends when nothing is, or what is left is named (RET-26, SE-11)."""

from __future__ import annotations

import datetime

import pytest

from audit import clock
from breaches import actions as breaches
from clients import actions as clients
from clients.models import Client
from disclosures import actions as disclosures
from practice.actions import staff
from practice.models import Notice, Supervision, User
from practice.refusals import Refused
from records import actions as records
from records.models import Note, Session
from tests.cast import PRIVATE, SECRET, acting, write_note
from tests.clients.conftest import Ask, text_of
from transfers import access, actions, leaving
from transfers.models import Departure

from .conftest import Offered, today


def begun(person: User, by: User, days: int = 7) -> Departure:
    with acting(by):
        return actions.begin(person, today(days), by=by)


def test_ret_26_each_kind_of_loose_end_is_counted_for_the_admin_who_sees_none_of_it(
    ana: User, sofia: User, ada: User, dee: User, cleo: Client, mia: Client, session: Session
) -> None:
    write_note(ana, cleo, text=SECRET)
    write_note(ana, cleo, kind="psychotherapy", text=PRIVATE)
    with acting(ana):
        disclosures.open_exception(cleo, disclosures.Opened("other", clock.now(), "Facts of the plum weir", "She said it"), by=ana)
    row = begun(ana, ada)
    with acting(ada):
        counted = access.left_by(ana)
        assert {key: counted[key] for key in ("clients", "drafts", "unnoted", "exceptions", "supervises")} == {
            "clients": 2, "drafts": 1, "unnoted": 1, "exceptions": 1, "supervises": 0,
        }  # fmt: skip
        assert not Note.objects.exists()
        assert [each.grant.content_object.code for each in leaving.clients_of(ana, by=ada)] == sorted([cleo.code, mia.code])
        assert access.left_by(sofia)["supervises"] == 1
    with acting(ana):
        assert access.left_by(ana)["drafts"] == 2  # her private one too
        assert access.own_departures(ana).get().pk == row.pk
    with acting(dee):
        assert access.left_by(ana) == {}
        assert not Departure.objects.exists()


def test_a_session_that_was_held_elsewhere_waits_for_no_note_here(ana: User, ada: User, cleo: Client) -> None:
    held = records.Held(clock.now() - datetime.timedelta(days=900), clock.now() - datetime.timedelta(days=899), {"system": "other"})
    with acting(ana):
        records.bring_session(cleo, held, by=ana)
    with acting(ada):
        assert access.left_by(ana)["unnoted"] == 0


def test_se_11_the_account_does_not_end_with_clients_behind_it_unless_they_are_named(ana: User, ada: User, cleo: Client) -> None:
    row = begun(ana, ada)
    with acting(ada):
        for act in (lambda: staff.leave(ana, clock.now(), by=ada), lambda: actions.end(row, " ", by=ada)):
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.rule == "RET-26"
        assert User.objects.get(pk=ana.pk).leaves_at is None
        actions.end(row, "One client cannot be reached; I write by post, as by the linden gate.", by=ada)
        now = Departure.objects.get()
        assert (now.left, User.objects.get(pk=ana.pk).leaves_at is not None) == (1, True)
        assert "linden gate" not in str(Departure.objects.values().get())
        assert Departure.objects.update(ended_at=clock.now()) == 0


def test_it_goes_on_where_it_stood_and_ends_without_a_word_when_all_is_settled(
    ana: User, ben: User, ada: User, sofia: User, cleo: Client, mia: Client, offered: Offered
) -> None:
    row = begun(ana, ada)
    transfer = offered(ground="leaving", ends_on=today(7))
    with acting(ana):
        states = {each.grant.content_object_id: each for each in leaving.clients_of(ana, by=ana)}
        assert (states[cleo.pk].settled, states[cleo.pk].transfer) == ("", transfer)
        assert states[mia.pk].transfer is None
    with acting(ben):
        actions.accept(transfer, by=ben)
    with acting(ana):
        clients.change_status(mia, "discharged", by=ana, reason="Moves away.")
        assert sorted(each.settled for each in leaving.clients_of(ana, by=ana)) == ["discharged", "handed on"]
        assert leaving.how_many(ana) == 0
        with pytest.raises(Refused):
            actions.end(row, by=ana)  # nobody ends their own
    with acting(ada):
        actions.end(row, by=ada)
        assert User.objects.get(pk=ana.pk).leaves_at > clock.now() + datetime.timedelta(days=6)
        assert not Supervision.objects.filter(supervisee=ana, until=None).exists()
        for again in (actions.end, actions.call_off):
            with pytest.raises(Refused):
                again(Departure.objects.get(), by=ada)
        assert cleo.code not in Notice.objects.get(kind="leaving").body


def test_called_off_they_stay(ana: User, ada: User, cleo: Client) -> None:
    row = begun(ana, ada)
    with acting(ada):
        with pytest.raises(Refused):
            actions.begin(ana, today(), by=ada)
        actions.call_off(row, by=ada)
        assert User.objects.get(pk=ana.pk).leaves_at is None
        with pytest.raises(Refused):
            actions.begin(ada, today(), by=ada)
        with pytest.raises(Refused):
            actions.begin(ana, today(-1), by=ada)
    assert begun(ana, ada).pk != row.pk


def test_the_page_shows_the_leaver_codes_and_next_steps_and_the_admin_no_name(
    ana: User, ada: User, ben: User, cleo: Client, session: Session, ask: Ask
) -> None:
    with acting(ada):
        breaches.report("A letter about the opal compass.", by=ada, noticed_at=clock.now(), going_on="no")
    row = begun(ana, ada)
    mine = text_of(ask(ana, "departure_detail", pk=row.pk))
    assert "Sessions without a note" in mine
    assert "0 of 1 clients settled" in mine
    theirs = text_of(ask(ada, "departure_detail", pk=row.pk))
    assert cleo.code in theirs
    assert "Marchetti" not in theirs
    assert ask(ben, "departure_detail", pk=row.pk).status_code == 404
    assert ask(ana, "departure_stop", {}, pk=row.pk).status_code == 404
    assert "What is left before" in text_of(ask(ana, "home"))
