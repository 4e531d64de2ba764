"""Home: who sees which queue, and the three actions from a row to a signed note."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from audit import clock
from audit.models import Act
from clients import actions as clients
from clients.models import Client
from practice import attention
from practice.actions import supervision
from practice.models import Supervision, User
from practice.roles import Role
from records import access, actions
from records.models import Note, Session
from tests.cast import SECRET, SignIn, acting, write_note

from .hands import lines, page, questions, told_of, typed, words


def hour(client: Client, by: User, days: float, **more: Any) -> Session:
    start = clock.now() - datetime.timedelta(days=days)
    with acting(by):
        return actions.plan_session(
            client, by=by, starts_at=start, ends_at=start + datetime.timedelta(minutes=50), modality="video", place="Harbour", **more
        )


def test_a_counselor_sees_sessions_without_a_note_and_drafts(
    ana: User, cleo: Client, session: Session, mia: Client, browser_of: SignIn
) -> None:
    write_note(ana, mia)
    seen = words(browser_of(ana).get("/"))
    assert "Sessions without a note" in seen
    assert "Cleo Marchetti" in seen
    assert "Drafts waiting for your signature" in seen
    assert "Mia Aldana" in seen
    assert SECRET not in seen
    assert "Room 2, willow" not in seen


def test_nobody_else_sees_them(request: pytest.FixtureRequest, cleo: Client, draft: Note, browser_of: SignIn) -> None:
    for person in map(request.getfixturevalue, ["ben", "sofia", "dee", "ada", "lena"]):
        seen = words(browser_of(person).get("/"))
        assert "Nothing waits for you" in seen
        assert "Marchetti" not in seen
        assert cleo.code not in seen


def test_each_client_shown_is_on_the_trail_and_nobody_else(
    ana: User, cleo: Client, session: Session, mia: Client, browser_of: SignIn
) -> None:
    browser_of(ana).get("/")
    assert told_of(ana, "home") == {cleo.pk}
    assert lines(ana, Act.READ, "home") == 0


def test_what_is_done_or_to_come_does_not_wait(ana: User, cleo: Client, browser_of: SignIn) -> None:
    hour(cleo, ana, -2)  # in two days
    late, absent = hour(cleo, ana, 2), hour(cleo, ana, 3)
    with acting(ana):
        actions.record_outcome(late, "late", by=ana)
        actions.record_outcome(absent, "absent", by=ana)
    write_note(ana, cleo, session=hour(cleo, ana, 4), signed=True)
    assert "Nothing waits for you" in words(browser_of(ana).get("/"))


def test_rec_2_a_psychotherapy_note_alone_leaves_the_session_waiting(ana: User, cleo: Client, session: Session, browser_of: SignIn) -> None:
    write_note(ana, cleo, kind="psychotherapy", session=session, text="An image of an orchard.")
    assert "Sessions without a note" in words(browser_of(ana).get("/"))


def test_rec_5_a_draft_is_late_from_the_seventh_day(ana: User, cleo: Client, browser_of: SignIn) -> None:
    with clock.at(clock.now() - datetime.timedelta(days=6, hours=23)):
        write_note(ana, cleo)
    assert "Draft, 6 days" in words(browser_of(ana).get("/"))
    assert ": late" not in words(browser_of(ana).get("/"))
    with clock.at(clock.now() - datetime.timedelta(days=7)):
        write_note(ana, cleo)
    assert "Draft, 7 days: late" in words(browser_of(ana).get("/"))


def test_three_actions_from_the_row_to_a_signed_note(ana: User, cleo: Client, session: Session, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    row = browser.get("/").context["queues"]["unnoted"][0]
    begun = browser.post(
        page("note_new", cleo.pk), {"ident": row["ident"], "kind": "progress", "session": row["thing"].pk, "attended": "on"}, follow=True
    )
    note = begun.context["note"]
    shown = browser.post(page("note_edit", note.pk), typed(note.version, presenting="He came early.", then="sign"), follow=True)
    signed = browser.post(page("note_sign", note.pk), {"shown": shown.context["shown"]}, follow=True)
    assert "Signed by Ana Reyes, LPC-A" in words(signed).replace("<bdi>", "").replace("</bdi>", "")
    assert "Attended" in words(signed)
    assert "Nothing waits for you" in words(browser.get("/"))


def test_the_same_row_pressed_in_two_tabs_is_one_draft(ana: User, cleo: Client, session: Session, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    tabs = [browser.get("/").context["queues"]["unnoted"][0]["ident"] for _ in range(2)]
    assert tabs[0] != tabs[1]
    sent = [browser.post(page("note_new", cleo.pk), {"ident": ident, "kind": "progress", "session": session.pk}) for ident in tabs]
    assert sent[0]["Location"] == sent[1]["Location"]


def test_attack_16_a_former_counselor_has_an_empty_home(ana: User, ben: User, cleo: Client, draft: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    assert "Marchetti" in words(browser.get("/"))
    with acting(ana):
        clients.transfer(cleo, to=ben, by=ana, reason="leaver")
    assert "Nothing waits for you" in words(browser.get("/"))


def test_clients_go_to_their_portal(portal_cleo: User, cleo: Client, draft: Note, browser_of: SignIn) -> None:
    answer = browser_of(portal_cleo).get("/")
    assert answer.status_code == 302
    assert answer["Location"] == page("portal_home")


def test_as_many_questions_for_thirty_rows_as_for_one(ana: User, cleo: Client, browser_of: SignIn) -> None:
    hour(cleo, ana, 1)
    write_note(ana, cleo)
    browser = browser_of(ana)
    browser.get("/")
    with questions() as few:
        browser.get("/")
    for day in range(2, 31):
        hour(cleo, ana, day)
        write_note(ana, cleo)
    with questions() as many:
        assert len(browser.get("/").context["queues"]["unnoted"]) == 30
    assert len(many) == len(few) == 9  # session, person twice, line, what waits (in two parts), two queues, key, lines of the clients


def test_rec_5_late_notes_are_told_as_a_number_to_the_supervisor_and_the_admin(
    ana: User, ben: User, sofia: User, ada: User, dee: User, cleo: Client, bens_client: Client, browser_of: SignIn
) -> None:
    with clock.at(clock.now() - datetime.timedelta(days=7, hours=1)):
        write_note(ana, cleo)
        write_note(ana, cleo, kind="psychotherapy", text="An image of an orchard.")
        write_note(ben, bens_client)
    hour(cleo, ana, 9)
    write_note(ana, cleo)  # of today: not late
    for person, told in ((sofia, [("Ana Reyes", 2)]), (ada, [("Ana Reyes", 2), ("Ben Okafor", 1)]), (dee, []), (ben, [])):
        answer = browser_of(person).get("/")
        late = answer.context["queues"].get("late-elsewhere", [])
        assert sorted((row["who"].name, row["count"]) for row in late) == told
        assert ("2 notes late" in words(answer)) == bool(told)
        for leak in (SECRET, "Marchetti", cleo.code, "orchard"):
            assert person == ben or leak not in words(answer)


def test_rec_5_the_number_ends_with_the_supervision_and_with_the_work(ana: User, ben: User, sofia: User, ada: User, cleo: Client) -> None:
    with clock.at(clock.now() - datetime.timedelta(days=8)):
        write_note(ana, cleo)
    with acting(sofia):
        assert list(access.late_elsewhere(sofia).values_list("pk", "late")) == [(ana.pk, 1)]
    with acting(ada):
        supervision.end(Supervision.objects.get(), by=ada)
    with acting(sofia):
        assert not access.late_elsewhere(sofia)
    with acting(ana):
        clients.transfer(cleo, to=ben, by=ana, reason="leaver")
    with acting(ada):
        assert not access.late_elsewhere(ada)


def test_a_room_brings_its_queue_and_home_shows_it_in_its_place(
    dee: User, ana: User, cleo: Client, draft: Note, browser_of: SignIn
) -> None:
    attention.register(
        attention.Queue(
            "brought", "Forms returned", 1, "records/_late_elsewhere_row.html",
            lambda person: User.objects.filter(pk=ana.pk) if person.holds(Role.DESK) else User.objects.none(),
            lambda found: [{"who": who, "count": 3} for who in found],
        )
    )  # fmt: skip
    try:
        seen = words(browser_of(dee).get("/"))
        assert "Forms returned" in seen
        assert "3 notes late" in seen
        assert list(attention.waiting_for(dee)) == ["brought"]
        assert "Forms returned" not in words(browser_of(ana).get("/"))
    finally:
        attention.forget("brought")
    assert "Nothing waits for you" in words(browser_of(dee).get("/"))


def test_home_is_these_queues_in_this_order_and_nothing_else() -> None:
    places = sorted((queue.place, key) for key, queue in attention._queues.items())
    assert [key for _, key in places] == [
        "executor-alarm", "executor-acting", "executor-release",
        "consults", "backup", "exceptions", "incidents", "processes", "emergencies", "escalated",
        "escalated-emergencies", "paper-late", "asked-lines", "explain", "analyses", "incident-tasks", "offers",
        "training", "attest", "returned", "paper-asked", "sent-in-danger", "returned-drafts", "looks", "messages",
        "client-questions", "not-sent", "covering", "uncovered", "consultations", "advised", "cosigning",
        "transfers-offered", "releases-look", "moves-decide", "releases", "accountings", "moves-ready", "rights",
        "transfers-asked", "leaving", "agreements-ending", "agreements-to-sign", "destructions", "meetings-to-sign",
        "supervision-papers", "unnoted", "unsigned", "forms-returned", "consents-expiring", "asking-anew",
        "notices-to-give", "overrides", "executor-accept", "executor-planless",
        "services", "majority", "sanctions", "review-actions", "reviews", "signals",
        "month", "grants", "portal-closed", "quarter", "confirm", "vendors", "devices", "late-elsewhere",
    ]  # fmt: skip
