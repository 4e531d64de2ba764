"""Planning and logging sessions."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.utils import timezone

from audit import clock
from audit.models import Act
from clients import actions as clients
from clients.models import Client
from practice.models import User
from records.models import Note, Session
from tests.cast import SignIn, acting

from .hands import count, lines, page, sessions_of, turned_away, words


def form(**changed: Any) -> dict[str, Any]:
    yesterday = timezone.localtime(clock.now()) - datetime.timedelta(days=1)
    start = {
        "date": f"{yesterday:%Y-%m-%d}",
        "start": "14:00",
        "minutes": "50",
        "modality": "in_person",
        "place": "",
        "outcome": "attended",
    }
    return {"ident": str(uuid.uuid4()), **start, **changed}


def test_a_counselor_logs_a_session(ana: User, cleo: Client, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    assert browser.get(page("session_new", cleo.pk)).status_code == 200
    answer = browser.post(page("session_new", cleo.pk), form(place="Room 4"))
    (session,) = sessions_of(cleo, ana)
    assert answer["Location"] == page("session_detail", session.pk)
    assert (session.outcome, session.counselor_id) == ("attended", ana.pk)
    assert session.ends_at - session.starts_at == datetime.timedelta(minutes=50)
    assert lines(ana, Act.CHANGE, "plan_session") == 1
    assert "Room 4" in words(browser.get(answer["Location"]))


def test_attack_10_nobody_else_does(request: pytest.FixtureRequest, ana: User, cleo: Client, browser_of: SignIn) -> None:
    for person in map(request.getfixturevalue, ["ben", "sofia", "dee", "ada", "lena", "portal_cleo"]):
        browser = browser_of(person)
        turned_away(browser, person, "session_new", cleo.pk)
        turned_away(browser, person, "session_new", cleo.pk, form())
        assert sessions_of(cleo, ana) == []


def test_saved_on_to_its_note_twice_is_one_session_and_one_note(ana: User, cleo: Client, browser_of: SignIn) -> None:
    browser, sent = browser_of(ana), form(then="note")
    answers = [browser.post(page("session_new", cleo.pk), sent) for _ in range(20)]
    assert len({answer["Location"] for answer in answers}) == 1
    assert len(sessions_of(cleo, ana)) == 1
    assert count(Note, ana, client=cleo) == 1


def test_attack_04_the_id_of_another_session_is_refused_and_stays_as_it_is(
    ana: User, ben: User, cleo: Client, bens_client: Client, browser_of: SignIn
) -> None:
    browser_of(ben).post(page("session_new", bens_client.pk), form(place="Bens"))
    (theirs,) = sessions_of(bens_client, ben)
    answer = browser_of(ana).post(page("session_new", cleo.pk), form(ident=theirs.pk, place="Mine"))
    assert answer.status_code == 422
    assert "Mine" in words(answer)
    assert sessions_of(cleo, ana) == []
    with acting(ben):
        assert Session.objects.get(pk=theirs.pk).place == "Bens"


NONSENSE = [
    ("date", "31.02.2026", "Enter a valid date"),
    ("date", "0001-01-01", "Choose a day"),
    ("date", "9999-12-31", "Choose a day"),
    ("date", "", "required"),
    ("start", "25:00", "Enter a valid time"),
    ("start", "\x00", "Enter a valid time"),
    ("minutes", "0", "at least one minute"),
    ("minutes", "99999999999999999999", "12 hours"),
    ("minutes", "NaN", "whole number"),
    ("modality", "telepathy", "not one of the available choices"),
    ("outcome", "excellent", "not one of the available choices"),
    ("place", "x" * 201, "at most 200"),
    ("place", "a\x00b", "Null characters"),
    ("ident", "1 OR 1=1", "valid UUID"),
    ("ident", "", "required"),
]


def test_what_makes_no_sense_comes_back_with_the_words(ana: User, cleo: Client, browser_of: SignIn) -> None:
    for field, value, said in NONSENSE:
        answer = browser_of(ana).post(page("session_new", cleo.pk), form(**{"place": "Kept room", field: value}))
        assert answer.status_code == 422
        assert said in words(answer).replace("&#x27;", "'")
        assert field == "place" or "Kept room" in words(answer)
        assert sessions_of(cleo, ana) == []


def test_an_hour_the_clocks_skip_is_refused(ana: User, cleo: Client, browser_of: SignIn) -> None:
    days = [datetime.date(clock.now().year + 1, 3, day) for day in range(8, 15)]
    (second_sunday,) = [day for day in days if day.weekday() == 6]
    answer = browser_of(ana).post(page("session_new", cleo.pk), form(date=second_sunday.isoformat(), start="02:30", outcome="planned"))
    assert answer.status_code == 422
    assert "the clocks are changed" in words(answer)


def test_what_has_not_begun_cannot_have_taken_place(ana: User, cleo: Client, browser_of: SignIn) -> None:
    tomorrow = f"{timezone.localtime(clock.now()) + datetime.timedelta(days=2):%Y-%m-%d}"
    answer = browser_of(ana).post(page("session_new", cleo.pk), form(date=tomorrow, outcome="attended"))
    assert answer.status_code == 422
    assert "has not begun yet" in words(answer)
    assert browser_of(ana).post(page("session_new", cleo.pk), form(date=tomorrow, outcome="planned")).status_code == 302


def test_attack_37_counselor_client_and_dates_come_from_us(
    ana: User, ben: User, cleo: Client, bens_client: Client, browser_of: SignIn
) -> None:
    forged = form(
        counselor=ben.pk, counselor_id=ben.pk, client=bens_client.pk, client_id=bens_client.pk, created_at="2020-01-01", version=9
    )
    browser_of(ana).post(page("session_new", cleo.pk), forged)
    (session,) = sessions_of(cleo, ana)
    assert (session.counselor_id, session.client_id, session.version) == (ana.pk, cleo.pk, 1)
    assert clock.now() - session.created_at < datetime.timedelta(minutes=5)
    assert sessions_of(bens_client, ben) == []


def test_participants_are_members_of_the_unit(ana: User, cleo: Client, bens_client: Client, browser_of: SignIn) -> None:
    with acting(ana):
        couple = clients.take_in(by=ana, counselor=ana, kind="couple", given_name="Vale", family_name="Household")
        vale = clients.take_in(by=ana, counselor=ana, given_name="Juniper", family_name="Vale")
        clients.join_unit(couple, vale, by=ana)
    browser = browser_of(ana)
    for stranger in (cleo.pk, bens_client.pk, couple.pk, uuid.uuid4(), "x"):
        assert browser.post(page("session_new", couple.pk), form(participants=[stranger])).status_code == 422
    answer = browser.post(page("session_new", couple.pk), form(participants=[vale.pk]), follow=True)
    assert "Juniper Vale" in words(answer)
    assert browser.post(page("session_new", cleo.pk), form(participants=[vale.pk]), follow=True).status_code == 200
    with acting(ana):
        assert Session.objects.get(client=cleo).rows.count() == 0
