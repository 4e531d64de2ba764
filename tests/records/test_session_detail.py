"""One session: reading it, changing it, saying whether it took place."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from audit import clock
from audit.models import Act
from clients import actions as clients
from clients.models import Client
from practice.models import User
from records import actions
from records.models import Note, Session
from tests.cast import SECRET, Intake, SignIn, acting, write_note

from .hands import fresh, lines, page, turned_away, typed, words


def form(session: Session, **changed: Any) -> dict[str, Any]:
    start = timezone.localtime(session.starts_at)
    facts = {
        "date": f"{start:%Y-%m-%d}",
        "start": f"{start:%H:%M}",
        "minutes": "50",
        "modality": "video",
        "place": "",
        "outcome": "attended",
    }
    return {"ident": str(session.pk), **facts, **changed}


def test_the_care_team_reads_it(request: pytest.FixtureRequest, session: Session, signed: Note, browser_of: SignIn) -> None:
    for person in map(request.getfixturevalue, ["ana", "sofia"]):
        seen = words(browser_of(person).get(page("session_detail", session.pk)))
        assert "Room 2, willow" in seen
        assert SECRET not in seen
        assert ("Write a note" in seen) == (person == request.getfixturevalue("ana"))
        assert lines(person, Act.READ, "session_detail") == 1


@pytest.mark.parametrize("name", ["session_detail", "session_edit"])
def test_attack_01_nobody_else_does(name: str, request: pytest.FixtureRequest, session: Session, browser_of: SignIn) -> None:
    for person in map(request.getfixturevalue, ["ben", "dee", "ada", "lena", "portal_cleo"]):
        turned_away(browser_of(person), person, name, session.pk)


def test_attack_05_nobody_else_changes_it(request: pytest.FixtureRequest, ana: User, session: Session, browser_of: SignIn) -> None:
    for person in map(request.getfixturevalue, ["ben", "sofia", "dee", "ada", "lena"]):
        browser = browser_of(person)
        turned_away(browser, person, "session_edit", session.pk, form(session))
        turned_away(browser, person, "session_outcome", session.pk, {"outcome": "absent"})
        assert fresh(session, ana).outcome == "planned"


def test_its_counselor_changes_it(ana: User, session: Session, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    assert "Room 2, willow" in words(browser.get(page("session_edit", session.pk)))
    answer = browser.post(page("session_edit", session.pk), form(session, place="At the river", minutes="80"), follow=True)
    assert "At the river" in words(answer)
    changed = fresh(session, ana)
    assert (changed.modality, changed.outcome, changed.ends_at - changed.starts_at) == ("video", "attended", datetime.timedelta(minutes=80))


def test_bad_input_keeps_the_words(ana: User, session: Session, browser_of: SignIn) -> None:
    answer = browser_of(ana).post(page("session_edit", session.pk), form(session, minutes="-3", place="Kept room"))
    assert answer.status_code == 422
    assert "Kept room" in words(answer)
    assert fresh(session, ana).version == 1


def test_attack_34_what_a_signed_note_tells_of_its_session_is_final(ana: User, session: Session, signed: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    answer = browser.post(page("session_edit", session.pk), form(session, place="Elsewhere"))
    assert answer.status_code == 422
    assert "REC-5" in words(answer)
    assert "Elsewhere" in words(answer)
    assert fresh(session, ana).modality == "in_person"
    assert "Change</a>" not in words(browser.get(page("session_detail", session.pk)))


def test_attack_39_a_late_entry_stays_late_when_the_session_is_moved(ana: User, cleo: Client, browser_of: SignIn) -> None:
    start = clock.now() - datetime.timedelta(days=5)
    with acting(ana):
        session = actions.plan_session(cleo, by=ana, starts_at=start, ends_at=start + datetime.timedelta(hours=1), modality="phone")
    note = write_note(ana, cleo, session=session)
    assert note.late_entry
    today = f"{timezone.localtime(clock.now()):%Y-%m-%d}"
    sent = form(session, date=today, start="00:00", outcome="planned")
    assert browser_of(ana).post(page("session_edit", session.pk), sent).status_code == 302
    browser = browser_of(ana)
    browser.post(page("note_edit", note.pk), typed(note.version, presenting="x", late_entry="", created_at="2020-01-01"))
    assert fresh(note, ana).late_entry
    assert "Late entry" in words(browser.get(page("note_edit", note.pk)))


def test_the_outcome_is_said_in_one_click(ana: User, session: Session, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    answer = browser.post(page("session_outcome", session.pk), {"outcome": "absent", "back": "home"})
    assert answer["Location"] == "/"
    assert "Did not come" in words(browser.get(page("session_detail", session.pk)))
    assert lines(ana, Act.CHANGE, "outcome_absent") == 1


def test_the_outcome_is_one_of_ours(ana: User, session: Session, browser_of: SignIn) -> None:
    for sent in ({}, {"outcome": "excellent"}, {"outcome": ["absent", "x"]}, {"outcome": "absent", "back": "//evil.test"}):
        assert browser_of(ana).post(page("session_outcome", session.pk), sent).status_code == 422
    assert fresh(session, ana).outcome == "planned"
    assert browser_of(ana).get(page("session_outcome", session.pk)).status_code == 405


def test_no_outcome_before_it_began_and_none_changed_once_signed_for(
    ana: User, cleo: Client, session: Session, signed: Note, browser_of: SignIn
) -> None:
    start = clock.now() + datetime.timedelta(days=1)
    with acting(ana):
        coming = actions.plan_session(cleo, by=ana, starts_at=start, ends_at=start + datetime.timedelta(hours=1), modality="phone")
    browser = browser_of(ana)
    assert browser.post(page("session_outcome", coming.pk), {"outcome": "attended"}).status_code == 409
    assert browser.post(page("session_outcome", session.pk), {"outcome": "attended"}).status_code == 302
    assert browser.post(page("session_outcome", session.pk), {"outcome": "absent"}).status_code == 409
    assert fresh(session, ana).outcome == "attended"


def test_participants_can_be_changed_until_signing(ana: User, sofia: User, intake: Intake, browser_of: SignIn) -> None:
    with acting(ana):
        couple = clients.take_in(by=ana, counselor=ana, kind="couple", given_name="Vale", family_name="Household")
        vale = clients.take_in(by=ana, counselor=ana, given_name="Juniper", family_name="Vale")
        clients.join_unit(couple, vale, by=ana)
        intake(couple, ana)
        start = clock.now() - datetime.timedelta(hours=5)
        session = actions.plan_session(couple, by=ana, starts_at=start, ends_at=start + datetime.timedelta(hours=1), modality="phone")
    browser = browser_of(ana)
    browser.post(page("session_edit", session.pk), form(session, participants=[str(vale.pk)]))
    with acting(ana):
        assert [row.client_id for row in session.rows.all()] == [vale.pk]
    browser.post(page("session_edit", session.pk), form(session))
    with acting(ana):
        assert session.rows.count() == 0
