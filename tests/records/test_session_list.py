"""The list of sessions and notes: who may, what it hides, how it pages."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest

from audit import clock
from audit.models import Act
from clients import actions as clients
from clients.access import readable_clients
from clients.models import Client
from practice.models import User
from records import access, actions
from records.models import Kind, Note, Session
from tests.cast import PRIVATE, SECRET, SignIn, acting, write_note

from .hands import lines, page, questions, stable, turned_away, words


def hours(client: Client, by: User, count: int) -> None:
    now = clock.now()
    with acting(by):
        for day in range(count):
            start = now - datetime.timedelta(days=day + 2)
            actions.plan_session(client, by=by, starts_at=start, ends_at=start + datetime.timedelta(minutes=50), modality="phone")


def ids(response: Any) -> list[Any]:
    return [entry.pk for entry in response.context["entries"]]


def test_the_care_team_sees_it(request: pytest.FixtureRequest, cleo: Client, signed: Note, browser_of: SignIn) -> None:
    for person in map(request.getfixturevalue, ["ana", "sofia"]):
        answer = browser_of(person).get(page("session_list", cleo.pk))
        assert answer.status_code == 200
        assert "Signed & locked" in words(answer)
        assert SECRET not in words(answer)
        assert lines(person, Act.LIST, "session_list") == 1


def test_attack_01_nobody_else_does(request: pytest.FixtureRequest, cleo: Client, signed: Note, browser_of: SignIn) -> None:
    for person in map(request.getfixturevalue, ["ben", "dee", "ada", "lena", "portal_cleo", "gus"]):
        turned_away(browser_of(person), person, "session_list", cleo.pk)


def test_attack_16_the_former_counselor_loses_it_at_once(ana: User, ben: User, cleo: Client, signed: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    assert browser.get(page("session_list", cleo.pk)).status_code == 200
    with acting(ana):
        clients.transfer(cleo, to=ben, by=ana, reason="leaver")
    turned_away(browser, ana, "session_list", cleo.pk)
    turned_away(browser, ana, "note_detail", signed.pk)
    assert "Signed & locked" in words(browser_of(ben).get(page("session_list", cleo.pk)))


def test_attack_11_the_deny_list_beats_the_grant(ana: User, sofia: User, cleo: Client, signed: Note, browser_of: SignIn) -> None:
    with acting(ana):
        clients.deny(cleo, sofia, by=ana, reason="her cousin")
    browser = browser_of(sofia)
    for name, pk in [("session_list", cleo.pk), ("note_detail", signed.pk), ("session_detail", signed.session_id)]:
        turned_away(browser, sofia, name, pk)


def test_rec_1_a_psychotherapy_note_leaves_no_gap_for_others(
    ana: User, sofia: User, cleo: Client, session: Session, signed: Note, browser_of: SignIn
) -> None:
    browser = browser_of(sofia)
    names = [("session_list", cleo.pk), ("session_detail", session.pk), ("note_detail", signed.pk), ("home", None)]
    before = [stable(browser.get(page(name, pk))) for name, pk in names]
    hidden = write_note(ana, cleo, kind="psychotherapy", session=session, signed=True, text=PRIVATE)
    write_note(ana, cleo, kind="psychotherapy", text=PRIVATE)
    assert [stable(browser.get(page(name, pk))) for name, pk in names] == before
    turned_away(browser, sofia, "note_detail", hidden.pk)
    assert str(hidden.pk) in words(browser_of(ana).get(page("session_list", cleo.pk)))


def test_a_colleagues_draft_is_not_listed(ana: User, sofia: User, cleo: Client, draft: Note, browser_of: SignIn) -> None:
    assert str(draft.pk) in words(browser_of(ana).get(page("session_list", cleo.pk)))
    assert str(draft.pk) not in words(browser_of(sofia).get(page("session_list", cleo.pk)))


@pytest.mark.parametrize("who", ["ana", "sofia", "ben", "dee", "ada", "lena", "portal_cleo"])
def test_attack_13_what_is_listed_is_what_opens(
    who: str,
    request: pytest.FixtureRequest,
    cleo: Client,
    bens_client: Client,
    ben: User,
    draft: Note,
    psychotherapy: Note,
    browser_of: SignIn,
) -> None:
    person = request.getfixturevalue(who)
    others = write_note(ben, bens_client, signed=True)
    browser = browser_of(person)
    with acting(person):
        listed = {*access.readable_notes(person).values_list("pk", flat=True)}
        shown = {client.pk for client in readable_clients(person)}
    every = [draft.pk, psychotherapy.pk, others.pk]
    assert {pk for pk in every if browser.get(page("note_detail", pk)).status_code == 200} == listed & {*every}
    pages = "".join(words(browser.get(page("session_list", pk))) for pk in shown)
    assert {pk for pk in every if str(pk) in pages} == listed & {*every}


def test_attack_12_a_grant_on_the_couple_shows_the_couples_sessions_and_no_persons(ana: User, ben: User, browser_of: SignIn) -> None:
    with acting(ana):
        couple = clients.take_in(by=ana, counselor=ana, kind="couple", given_name="Vale", family_name="Household")
        person = clients.take_in(by=ana, counselor=ana, given_name="Juniper", family_name="Vale")
        clients.join_unit(couple, person, by=ana)
    together, alone = write_note(ana, couple, signed=True), write_note(ana, person, signed=True)
    with acting(ana):
        clients.transfer(couple, to=ben, by=ana, reason="leaver")
    browser = browser_of(ben)
    assert browser.get(page("note_detail", together.pk)).status_code == 200
    turned_away(browser, ben, "note_detail", alone.pk)
    turned_away(browser, ben, "session_list", person.pk)
    assert "Juniper" not in words(browser.get(page("session_new", couple.pk)))


def test_pages_hold_everything_once(ana: User, cleo: Client, browser_of: SignIn) -> None:
    hours(cleo, ana, 55)
    same = clock.now() - datetime.timedelta(days=3)
    with clock.at(same):
        loose = [write_note(ana, cleo, kind="contact").pk for _ in range(4)]
    browser, seen, url = browser_of(ana), [], page("session_list", cleo.pk)
    for _ in range(4):
        answer = browser.get(url)
        seen += ids(answer)
        if not (older := answer.context["older"]):
            break
        url = f"{page('session_list', cleo.pk)}?before={older}"
    assert len(seen) == len({*seen}) == 59
    assert {*loose} <= {*seen}


NO_CURSORS = [
    "x",
    ".",
    "1.2",
    "9" * 400,
    "99999999999999999999.00000000-0000-4000-8000-000000000000",
    "-1.x",
    "' OR 1=1 --",
    "1;DROP TABLE records_note",
    "٣.x",
    "%00",
]


def test_attack_66_a_cursor_that_is_none_starts_at_the_newest(ana: User, cleo: Client, session: Session, browser_of: SignIn) -> None:
    for before in NO_CURSORS:
        answer = browser_of(ana).get(page("session_list", cleo.pk), {"before": before})
        assert answer.status_code == 200
        assert ids(answer) == [session.pk]
        assert "DROP TABLE" not in words(answer)


def test_attack_03_other_parameters_change_nothing(
    ana: User, ben: User, cleo: Client, bens_client: Client, signed: Note, browser_of: SignIn
) -> None:
    browser = browser_of(ana)
    plain = stable(browser.get(page("session_list", cleo.pk)))
    extra = {"client": bens_client.pk, "user": ben.pk, "rule": "all", "ordering": "content", "note": signed.pk, "sort": "author__password"}
    assert stable(browser.get(page("session_list", cleo.pk), extra)) == plain
    assert browser_of(ben).get(page("note_detail", signed.pk), {"permission": "view", "encounter": bens_client.pk}).status_code == 404


def test_as_many_questions_for_thirty_rows_as_for_one(ana: User, cleo: Client, session: Session, browser_of: SignIn) -> None:
    browser, url = browser_of(ana), page("session_list", cleo.pk)
    write_note(ana, cleo, session=session, signed=True)
    browser.get(url)
    with questions() as few:
        browser.get(url)
    hours(cleo, ana, 20)
    with acting(ana):
        sessions = list(Session.objects.filter(client=cleo))
    for one in sessions:
        write_note(ana, cleo, session=one, signed=True)
    with questions() as many:
        assert len(ids(browser.get(url))) == 21
    assert (
        len(many) == len(few) == 10
    )  # session with its person, client, line, which rows are this person, sessions, notes (two), head, counsels, key


def test_the_title_and_address_name_nobody(ana: User, cleo: Client, signed: Note, browser_of: SignIn) -> None:
    for name, pk in [("session_list", cleo.pk), ("note_detail", signed.pk), ("session_detail", signed.session_id), ("home", None)]:
        answer = browser_of(ana).get(page(name, pk))
        title = re.search(r"<title>(.*?)</title>", words(answer), re.S)
        assert title
        assert "Marchetti" not in title[1]
        assert cleo.code not in title[1]


def test_every_kind_has_its_word(ana: User, cleo: Client, browser_of: SignIn) -> None:
    for kind in Kind.values:
        write_note_of(kind, ana, cleo)
    seen = words(browser_of(ana).get(page("session_list", cleo.pk)))
    assert all(str(kind.label).capitalize() in seen for kind in Kind)


def write_note_of(kind: str, by: User, client: Client) -> None:
    with acting(by):
        actions.begin_note(client, by=by, kind=kind)
