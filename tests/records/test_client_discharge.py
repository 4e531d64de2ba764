"""Discharge: said before, with its loose ends, and undone by reopening."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from audit import clock
from audit.models import Act
from clients import actions as clients
from clients.models import Client, StatusStep
from practice.models import Practice, User
from records import actions
from records.models import Note, Session
from tests.cast import SECRET, SignIn, acting, write_note

from .hands import lines, page, turned_away, words
from .test_home import hour

pytestmark = pytest.mark.django_db

SAID = "She found the marigold gate by herself."


def form(**more: Any) -> dict[str, Any]:
    return {"on": clock.today().isoformat(), "ending": "reached", "words": SAID} | more


def standing(client: Client, by: User) -> str:
    with acting(by):
        return Client.objects.get(pk=client.pk).status


def test_planned_sessions_go_by_choice_and_those_of_colleagues_stay(ana: User, ben: User, cleo: Client, browser_of: SignIn) -> None:
    goes, stays = hour(cleo, ana, -2), hour(cleo, ana, -9)
    with acting(ana):
        clients.assign(cleo, ben, by=ana)
    bens = hour(cleo, ben, -4)
    seen = words(browser_of(ana).get(page("client_discharge", cleo.pk)))
    assert str(goes.pk) in seen
    assert str(bens.pk) not in seen
    assert "1 planned session of a colleague stays" in seen
    assert browser_of(ana).post(page("client_discharge", cleo.pk), form(cancel=[str(bens.pk)])).status_code == 422
    assert browser_of(ana).post(page("client_discharge", cleo.pk), form(cancel=[str(goes.pk)])).status_code == 302
    with acting(ana):
        found = {session.pk: session.outcome for session in Session.objects.filter(client=cleo)}
        step = StatusStep.objects.get()
        assert step.reason == f"Goals reached. {SAID}"
    assert found == {goes.pk: "cancelled", stays.pk: "planned", bens.pk: "planned"}
    assert standing(cleo, ana) == "discharged"
    assert (lines(ana, Act.CHANGE, "outcome_cancelled"), lines(ana, Act.CHANGE, "status_discharged")) == (1, 1)


def test_what_is_unfinished_is_finished_or_left_knowingly(ana: User, cleo: Client, draft: Note, browser_of: SignIn) -> None:
    hour(cleo, ana, 3)
    seen = words(browser_of(ana).get(page("client_discharge", cleo.pk)))
    assert page("note_edit", draft.pk) in seen
    assert "without a note" in seen
    assert SECRET not in seen
    refused = browser_of(ana).post(page("client_discharge", cleo.pk), form())
    assert refused.status_code == 422
    assert "Finish what is listed above first" in words(refused)
    assert SAID in words(refused)
    assert standing(cleo, ana) == "intake"
    assert browser_of(ana).post(page("client_discharge", cleo.pk), form(leave="on")).status_code == 302
    with acting(ana):
        assert StatusStep.objects.get().left_open == 2
    assert "Drafts waiting for your signature" in words(browser_of(ana).get("/"))


def test_rec_5_a_record_is_not_put_away_with_a_draft_in_it_and_stays_readable_in_the_archive(
    ana: User, sofia: User, cleo: Client, draft: Note, browser_of: SignIn
) -> None:
    browser = browser_of(ana)
    browser.post(page("client_discharge", cleo.pk), form(leave="on"))
    assert "1 draft or session of yours has no signed note yet." in words(browser.get(page("client_archive", cleo.pk)))
    refused = browser.post(page("client_archive", cleo.pk), {"reason": SAID})
    assert refused.status_code == 422
    assert "REC-5" in words(refused)
    assert SAID in words(refused)
    assert standing(cleo, ana) == "discharged"
    assert "Drafts waiting for your signature" in words(browser.get("/"))
    browser.post(page("note_sign", draft.pk), {"shown": browser.get(page("note_sign", draft.pk)).context["shown"]})
    assert browser.post(page("client_archive", cleo.pk), {"reason": "Nothing is open."}).status_code == 302
    assert "Nothing waits for you" in words(browser.get("/"))
    assert SECRET in words(browser.get(page("note_detail", draft.pk)))
    assert browser_of(sofia).get(page("session_list", cleo.pk)).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"on": "2999-01-01"}, {"on": "1999-01-01"}, {"on": "x"}, {"ending": ""}, {"ending": "fled"}, {"words": "a\x00"}, {"cancel": ["x"]}],
)
def test_bad_input_discharges_nobody_and_keeps_what_was_typed(wrong: dict[str, Any], ana: User, cleo: Client, browser_of: SignIn) -> None:
    hour(cleo, ana, -2)
    answer = browser_of(ana).post(page("client_discharge", cleo.pk), form(**wrong))
    assert answer.status_code == 422
    if "words" not in wrong:
        assert SAID in words(answer)
    assert standing(cleo, ana) == "intake"


def test_nobody_else_discharges_and_nobody_twice(request: pytest.FixtureRequest, ana: User, cleo: Client, browser_of: SignIn) -> None:
    for name in ("sofia", "ben", "dee", "ada"):
        user = request.getfixturevalue(name)
        turned_away(browser_of(user), user, "client_discharge", cleo.pk, form())
    assert browser_of(ana).post(page("client_discharge", cleo.pk), form()).status_code == 302
    again = browser_of(ana).post(page("client_discharge", cleo.pk), form())
    assert again.status_code == 422
    assert "discharged already" in words(again)


def test_a_day_in_the_past_is_kept_as_the_day_it_was(ana: User, cleo: Client, browser_of: SignIn) -> None:
    with acting(ana):
        Client.objects.filter(pk=cleo.pk).update(since=clock.now() - datetime.timedelta(days=40))
    day = clock.today() - datetime.timedelta(days=10)
    assert browser_of(ana).post(page("client_discharge", cleo.pk), form(on=day.isoformat())).status_code == 302
    with acting(ana):
        assert StatusStep.objects.get().on == day
    assert f"{day:%-d %b %Y}" in words(browser_of(ana).get(page("client_detail", cleo.pk)))


@pytest.mark.parametrize(
    ("state", "rule", "lacks"),
    [
        ("TX", "REC-6", {"a signed consent to counseling", "an intake note", "a treatment plan"}),
        ("CO", "REC-7", {"a signed consent to counseling", "an intake note", "a termination note"}),
        ("WA", "REC-8", {"a signed consent to counseling", "an intake note"}),
        ("OR", "REC-9", {"an intake note", "a treatment plan"}),
    ],
)
def test_rec_6_to_9_a_record_that_lacks_what_the_state_asks_for_is_not_closed(state: str, rule: str, lacks: set[str], ana: User) -> None:
    Practice.objects.update(states=[state, "NV"])
    with acting(ana):
        known = clients.take_in(by=ana, counselor=ana, given_name="Odd", family_name="Sallow")
    held = hour(known, ana, 2, crisis=True)  # a crisis waits for no paper
    write_note(ana, known, session=held, signed=True)
    with acting(ana):
        (refused,) = actions.keeps_open(known, ana)
    assert refused.rule == rule
    assert {word for word in (*lacks, "a progress note", "a plan") if word in refused.words} == lacks
    for kind in ("intake", "plan", "termination"):
        write_note(ana, known, kind=kind, signed=True)
    with acting(ana):
        after = actions.keeps_open(known, ana)
    assert [again.words.endswith("signed: a signed consent to counseling.") for again in after] == ([True] if state != "OR" else [])


def test_rec_6_who_never_came_has_no_record_to_be_whole(ana: User, cleo: Client) -> None:
    Practice.objects.update(states=["TX"])
    with acting(ana):
        assert actions.keeps_open(cleo, ana) == []
