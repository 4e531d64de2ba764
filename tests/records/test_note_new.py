"""Beginning a note, once however often it is sent."""

from __future__ import annotations

import datetime
import threading
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser

from audit import clock
from audit.models import Act
from clients.models import Client
from practice.models import User
from records import actions
from records.models import Note, Session
from tests.cast import SignIn, acting, write_note
from tests.committed import House

from .hands import count, fresh, lines, page, turned_away, words


def form(**changed: Any) -> dict[str, Any]:
    return {"ident": str(uuid.uuid4()), "kind": "progress", "session": "", **changed}


def test_a_counselor_begins_one_from_a_session(ana: User, cleo: Client, session: Session, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    offered = browser.get(page("note_new", cleo.pk), {"session": session.pk})
    assert f'value="{session.pk}" selected' in words(offered)
    ident = uuid.uuid4()
    answer = browser.post(page("note_new", cleo.pk), form(ident=ident, session=session.pk))
    assert answer["Location"] == page("note_edit", ident)
    with acting(ana):
        note = Note.objects.get(pk=ident)
    assert (note.author_id, note.client_id, note.session_id, note.signed_at) == (ana.pk, cleo.pk, session.pk, None)
    assert lines(ana, Act.CHANGE, "begin_note") == 1


def test_attack_10_nobody_else_does(request: pytest.FixtureRequest, ana: User, cleo: Client, browser_of: SignIn) -> None:
    for person in map(request.getfixturevalue, ["ben", "sofia", "dee", "ada", "lena", "portal_cleo"]):
        browser = browser_of(person)
        turned_away(browser, person, "note_new", cleo.pk)
        turned_away(browser, person, "note_new", cleo.pk, form())
        assert count(Note, ana, client=cleo) == 0


def test_sent_twenty_times_it_is_one_note(ana: User, cleo: Client, browser_of: SignIn) -> None:
    browser, sent = browser_of(ana), form(kind="contact")
    assert len({browser.post(page("note_new", cleo.pk), sent)["Location"] for _ in range(20)}) == 1
    assert count(Note, ana, client=cleo) == 1
    assert lines(ana, Act.CHANGE, "begin_note") == 1


def test_sent_again_after_signing_it_shows_the_note(ana: User, cleo: Client, signed: Note, browser_of: SignIn) -> None:
    answer = browser_of(ana).post(page("note_new", cleo.pk), form(ident=signed.pk))
    assert answer["Location"] == page("note_detail", signed.pk)


def test_sent_at_once_from_many_hands_it_is_one_note(house: House, browser_of: SignIn) -> None:
    cookies = browser_of(house.ana).cookies
    sent, places = form(kind="contact"), []

    def send() -> None:
        browser = Browser(headers={"user-agent": "Test/1.0"})
        browser.cookies = cookies
        try:
            places.append(browser.post(page("note_new", house.cleo.pk), sent)["Location"])
        finally:
            connection.close()

    hands = [threading.Thread(target=send) for _ in range(8)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert places == [page("note_edit", sent["ident"])] * 8
    assert count(Note, house.ana, kind="contact") == 1


def test_attack_02_a_session_of_another_client_is_no_choice(
    ana: User, ben: User, cleo: Client, mia: Client, bens_client: Client, browser_of: SignIn
) -> None:
    start = clock.now() - datetime.timedelta(hours=3)
    times = {"starts_at": start, "ends_at": start + datetime.timedelta(hours=1), "modality": "phone"}
    with acting(ana):
        mias = actions.plan_session(mia, by=ana, **times)
    with acting(ben):
        theirs = actions.plan_session(bens_client, by=ben, **times)
    browser = browser_of(ana)
    for session in (mias.pk, theirs.pk, uuid.uuid4(), "x", "\x00", "1' OR '1'='1"):
        answer = browser.post(page("note_new", cleo.pk), form(session=session))
        assert answer.status_code == 422
    assert count(Note, ana) == 0
    assert str(theirs.pk) not in words(browser.get(page("note_new", cleo.pk), {"session": theirs.pk}))


def test_attack_04_the_id_of_another_note_is_refused_and_stays_as_it_is(
    ana: User, ben: User, cleo: Client, mia: Client, bens_client: Client, browser_of: SignIn
) -> None:
    theirs, mias = write_note(ben, bens_client), write_note(ana, mia)
    for taken in (theirs, mias):
        answer = browser_of(ana).post(page("note_new", cleo.pk), form(ident=taken.pk))
        assert answer.status_code == 422
        assert "Open the page again" in words(answer)
    assert count(Note, ana, client=cleo) == 0
    assert fresh(theirs, ben).client_id == bens_client.pk
    assert fresh(mias, ana).client_id == mia.pk


NONSENSE = [
    {"ident": "1"},
    {"ident": ""},
    {"ident": "\x00"},
    {"kind": "secret"},
    {"kind": ""},
    {"kind": ["progress", "x"]},
    {"ident": "9" * 5000},
]


def test_what_makes_no_sense_begins_nothing(ana: User, cleo: Client, browser_of: SignIn) -> None:
    for changed in NONSENSE:
        assert browser_of(ana).post(page("note_new", cleo.pk), form(**changed)).status_code == 422
        assert count(Note, ana) == 0


def test_attack_37_author_dates_and_signature_come_from_us(
    ana: User, ben: User, cleo: Client, bens_client: Client, browser_of: SignIn
) -> None:
    forged = {
        "author": ben.pk, "author_id": ben.pk, "client": bens_client.pk, "created_at": "2020-01-01", "signed_at": "2020-01-01",
        "signed_by": ben.pk, "late_entry": "on", "version": 7, "content": '{"presenting": "x"}',
    }  # fmt: skip
    sent = form(**forged)
    browser_of(ana).post(page("note_new", cleo.pk), sent)
    with acting(ana):
        note = Note.objects.get(pk=sent["ident"])
        assert note.content == {}
    assert (note.author_id, note.client_id, note.signed_at, note.signed_by_id, note.late_entry, note.version) == (
        ana.pk, cleo.pk, None, None, False, 1,
    )  # fmt: skip
    assert clock.now() - note.created_at < datetime.timedelta(minutes=5)


def test_attack_39_late_entry_is_said_by_our_clock(ana: User, cleo: Client, session: Session, browser_of: SignIn) -> None:
    in_time, late = form(session=session.pk, kind="crisis"), form(session=session.pk)
    browser_of(ana).post(page("note_new", cleo.pk), in_time)
    with clock.at(session.ends_at + datetime.timedelta(hours=25)):
        browser_of(ana).post(page("note_new", cleo.pk), late, headers={"Date": "Thu, 01 Jan 2015 00:00:00 GMT"})
    with acting(ana):
        assert [Note.objects.get(pk=sent["ident"]).late_entry for sent in (in_time, late)] == [False, True]


def test_an_open_draft_of_the_same_kind_and_session_is_gone_on_with(
    ana: User, cleo: Client, session: Session, draft: Note, browser_of: SignIn
) -> None:
    answer = browser_of(ana).post(page("note_new", cleo.pk), form(session=session.pk))
    assert answer["Location"] == page("note_edit", draft.pk)
    other = browser_of(ana).post(page("note_new", cleo.pk), form(session=session.pk, kind="crisis"))
    assert other["Location"] != page("note_edit", draft.pk)
