"""Writing a draft: by hand, by itself, in two tabs, and by those who may not."""

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
from clients import actions as clients
from clients.models import Client
from practice.models import SignedIn, User
from records import actions
from records.forms import LONGEST_PART
from records.kinds import PROGRESS_ONLY
from records.models import Kind, Note, NoteSave, Session
from tests.cast import PRIVATE, SECRET, SignIn, acting, write_note
from tests.committed import House

from .hands import content, count, fresh, lines, page, questions, turned_away, typed, words

HERE, THERE = "what I typed here", "what another tab saved"


def save(browser: Browser, note: Note, version: int, key: object = None, **parts: str) -> Any:
    """The save that the page makes by itself."""
    return browser.post(page("note_save", note.pk), typed(version, **parts), headers={"idempotency-key": str(key or uuid.uuid4())})


# --- who ----------------------------------------------------------------------------------------------------------------


def test_attack_05_nobody_but_the_author(request: pytest.FixtureRequest, ana: User, draft: Note, browser_of: SignIn) -> None:
    for person in map(request.getfixturevalue, ["ben", "sofia", "dee", "ada", "lena", "portal_cleo"]):
        browser, sent = browser_of(person), typed(draft.version, presenting="overwritten")
        turned_away(browser, person, "note_edit", draft.pk)
        turned_away(browser, person, "note_edit", draft.pk, sent)
        turned_away(browser, person, "note_save", draft.pk, sent)  # attack 7: the page's own save asks as the page does
        assert content(draft, ana)["presenting"] == SECRET


def test_attack_16_the_reassigned_author_saves_no_more_from_an_open_page(
    ana: User, ben: User, cleo: Client, draft: Note, browser_of: SignIn
) -> None:
    browser = browser_of(ana)
    assert browser.get(page("note_edit", draft.pk)).status_code == 200
    with acting(ana):
        clients.transfer(cleo, to=ben, by=ana, reason="leaver")
    turned_away(browser, ana, "note_save", draft.pk, typed(draft.version, presenting="x"))
    turned_away(browser, ana, "note_sign", draft.pk, {"shown": "0" * 64})
    turned_away(browser_of(ben), ben, "note_edit", draft.pk)


def test_who_can_read_this_is_what_the_door_says(ana: User, sofia: User, ben: User, draft: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    people = browser.get(page("note_edit", draft.pk)).context["people"]
    assert {(one["name"], one["role"]) for one in people} == {("Ana Reyes", "counselor"), ("Sofia Lindqvist", "supervisor")}
    sign(browser, draft)
    for person in (ana, sofia, ben):
        named = person.pk in {ana.pk, sofia.pk}
        assert (browser_of(person).get(page("note_detail", draft.pk)).status_code == 200) == named


def sign(browser: Browser, note: Note) -> Any:
    shown = browser.get(page("note_sign", note.pk)).context["shown"]
    return browser.post(page("note_sign", note.pk), {"shown": shown})


def test_rec_1_a_psychotherapy_note_names_its_author_alone(ana: User, cleo: Client, browser_of: SignIn) -> None:
    note = write_note(ana, cleo, kind="psychotherapy", text=PRIVATE)
    answer = browser_of(ana).get(page("note_edit", note.pk))
    assert [one["name"] for one in answer.context["people"]] == ["Ana Reyes"]
    assert "Sofia" not in words(answer)


# --- saving -------------------------------------------------------------------------------------------------------------


def test_it_saves_without_javascript(ana: User, draft: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    answer = browser.post(page("note_edit", draft.pk), typed(draft.version, presenting=HERE, plan="next week"), follow=True)
    assert answer.redirect_chain[0][0] == page("note_edit", draft.pk)
    assert "Saved " in words(answer)
    assert content(draft, ana) == {"presenting": HERE, "interventions": "", "progress": "", "risk": "", "plan": "next week"}
    assert lines(ana, Act.CHANGE, "save_note") == 2  # the fixture's and this one


def test_it_saves_by_itself(ana: User, draft: Note, browser_of: SignIn) -> None:
    answer = save(browser_of(ana), draft, draft.version, presenting=HERE)
    assert answer.json()["fields"] == {"version": str(draft.version + 1)}
    assert len(answer.json()["saved"]) == 5
    assert content(draft, ana)["presenting"] == HERE


def test_a_resend_is_harmless(ana: User, draft: Note, browser_of: SignIn) -> None:
    browser, key = browser_of(ana), uuid.uuid4()
    answers = [save(browser, draft, draft.version, key, presenting=HERE) for _ in range(20)]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["fields"]["version"] for answer in answers} == {str(draft.version + 1)}
    assert count(NoteSave, ana, note=draft) == 2


def test_a_resend_that_comes_after_a_newer_save_overwrites_nothing(ana: User, draft: Note, browser_of: SignIn) -> None:
    browser, key = browser_of(ana), uuid.uuid4()
    save(browser, draft, draft.version, key, presenting=HERE)
    save(browser, draft, draft.version + 1, presenting=THERE)
    assert save(browser, draft, draft.version, key, presenting=HERE).status_code == 409
    assert content(draft, ana)["presenting"] == THERE


def test_other_words_under_a_used_key_are_not_swallowed(ana: User, draft: Note, browser_of: SignIn) -> None:
    """Save, press Back, write on and save again: the browser sends the old key with new words."""
    browser, key = browser_of(ana), uuid.uuid4()
    browser.post(page("note_edit", draft.pk), typed(draft.version, key, presenting=HERE))
    answer = browser.post(page("note_edit", draft.pk), typed(draft.version, key, presenting=f"{HERE} and more"))
    assert answer.status_code == 409
    assert f"{HERE} and more" in words(answer)
    form = answer.context["form"]
    browser.post(page("note_edit", draft.pk), {name: form[name].value() or "" for name in form.fields})
    assert content(draft, ana)["presenting"] == f"{HERE} and more"


def test_attack_40_two_tabs_get_both_texts_and_lose_none(ana: User, draft: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    save(browser, draft, draft.version, presenting=THERE)
    panel = save(browser, draft, draft.version, presenting=HERE)
    whole = browser.post(page("note_edit", draft.pk), typed(draft.version, presenting=HERE))
    for answer in (panel, whole):
        assert answer.status_code == 409
        assert HERE in words(answer)
        assert THERE in words(answer)
        assert "saved somewhere else" in words(answer)
    assert f'data-version="{draft.version + 1}"' in words(panel)
    assert "<html" not in words(panel)
    assert content(draft, ana)["presenting"] == THERE


def test_attack_40_mine_can_be_kept_on_top(ana: User, draft: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    save(browser, draft, draft.version, presenting=THERE)
    form = browser.post(page("note_edit", draft.pk), typed(draft.version, presenting=HERE)).context["form"]
    browser.post(page("note_edit", draft.pk), {name: form[name].value() or "" for name in form.fields})
    assert content(draft, ana)["presenting"] == HERE
    assert fresh(draft, ana).version == draft.version + 2


def test_a_part_that_was_not_sent_stays_as_it_is(ana: User, draft: Note, browser_of: SignIn) -> None:
    save(browser_of(ana), draft, draft.version, plan="next week")
    assert content(draft, ana) == {"presenting": SECRET, "interventions": "", "progress": "", "risk": "", "plan": "next week"}


def test_the_same_words_in_two_tabs_are_no_conflict(ana: User, draft: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    assert [save(browser, draft, draft.version, presenting=HERE).status_code for _ in range(2)] == [200, 200]


def test_attack_40_of_many_hands_at_once_one_saves_and_the_others_are_told(house: House, browser_of: SignIn) -> None:
    cookies, draft, codes = browser_of(house.ana).cookies, house.draft, []

    def send(text: str) -> None:
        browser = Browser(headers={"user-agent": "Test/1.0"})
        browser.cookies = cookies
        try:
            codes.append(save(browser, draft, draft.version, presenting=text).status_code)
        finally:
            connection.close()

    hands = [threading.Thread(target=send, args=[f"text {number}"]) for number in range(6)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(codes) == [200, 409, 409, 409, 409, 409]
    assert fresh(draft, house.ana).version == draft.version + 1


def test_a_key_of_another_note_protects_nothing_and_breaks_nothing(
    ana: User, ben: User, bens_client: Client, draft: Note, browser_of: SignIn
) -> None:
    theirs, key = write_note(ben, bens_client), uuid.uuid4()
    save(browser_of(ben), theirs, theirs.version, key, presenting="Bens words")
    assert save(browser_of(ana), draft, draft.version, key, presenting=HERE).status_code == 200
    assert content(draft, ana)["presenting"] == HERE
    assert content(theirs, ben)["presenting"] == "Bens words"


# --- what may not be written --------------------------------------------------------------------------------------------


def test_rec_2_a_psychotherapy_note_refuses_what_belongs_in_the_progress_note(ana: User, cleo: Client, browser_of: SignIn) -> None:
    note = write_note(ana, cleo, kind="psychotherapy", text=PRIVATE)
    browser = browser_of(ana)
    for field in sorted(PROGRESS_ONLY):
        sent = typed(note.version, reflections="An image.", **{field: "major depression"})
        for name in ("note_edit", "note_save"):
            answer = browser.post(page(name, note.pk), sent)
            assert (field, answer.status_code) == (field, 422)
            assert "REC-2" in words(answer)
    assert content(note, ana) == {"reflections": PRIVATE}


def test_rec_2_its_form_has_no_such_field(ana: User, cleo: Client, browser_of: SignIn) -> None:
    note = write_note(ana, cleo, kind="psychotherapy", text=PRIVATE)
    assert {*browser_of(ana).get(page("note_edit", note.pk)).context["form"].fields} == {"version", "key", "reflections"}


WRONG = [{"version": "x"}, {"version": "0"}, {"version": ""}, {"version": "99999999999"}, {"key": "x"}, {"key": ""}, {"key": "\x00"}]


def test_a_wrong_version_or_key_is_said_and_the_words_stay(ana: User, draft: Note, browser_of: SignIn) -> None:
    for changed in WRONG:
        sent = typed(draft.version, presenting=HERE) | changed
        answer = browser_of(ana).post(page("note_edit", draft.pk), sent)
        assert answer.status_code == 422
        assert HERE in words(answer)
        assert browser_of(ana).post(page("note_save", draft.pk), sent).status_code == 422
        assert content(draft, ana)["presenting"] == SECRET


def test_a_part_too_long_is_said_and_kept_whole(ana: User, draft: Note, browser_of: SignIn) -> None:
    text = "x" * (LONGEST_PART + 1)
    answer = browser_of(ana).post(page("note_edit", draft.pk), typed(draft.version, presenting=text))
    assert answer.status_code == 422
    assert "longer than 100,000 characters" in words(answer)
    assert text in words(answer)
    saved = save(browser_of(ana), draft, draft.version, presenting=text)
    assert saved.status_code == 422
    assert "longer than 100,000 characters" in saved.json()["errors"]["presenting"][0]
    assert 'maxlength="100000"' not in words(answer)
    assert save(browser_of(ana), draft, draft.version, presenting=text[1:]).status_code == 200


def test_attack_37_nothing_but_the_parts_is_taken_from_the_form(ana: User, ben: User, draft: Note, browser_of: SignIn) -> None:
    forged = {
        "author": str(ben.pk),
        "signed_at": "2020-01-01",
        "kind": "contact",
        "client": str(uuid.uuid4()),
        "content": "{}",
        "session": "",
    }
    browser_of(ana).post(page("note_edit", draft.pk), typed(draft.version, presenting=HERE, **forged))
    kept = fresh(draft, ana)
    assert (kept.author_id, kept.kind, kept.signed_at, kept.session_id) == (ana.pk, Kind.PROGRESS, None, draft.session_id)
    assert {*content(draft, ana)} == {"presenting", "interventions", "progress", "risk", "plan"}


def test_a_save_needs_its_token_and_its_method(ana: User, draft: Note, browser_of: SignIn) -> None:
    strict = Browser(enforce_csrf_checks=True, headers={"user-agent": "Test/1.0"})
    strict.cookies = browser_of(ana).cookies
    for name in ("note_edit", "note_save", "note_sign"):
        assert strict.post(page(name, draft.pk), typed(draft.version, presenting="forged")).status_code == 403
    assert browser_of(ana).get(page("note_save", draft.pk)).status_code == 405
    assert content(draft, ana)["presenting"] == SECRET


# --- beside the editor --------------------------------------------------------------------------------------------------


def test_the_last_signed_note_is_offered_and_not_opened(ana: User, session: Session, signed: Note, draft: Note, browser_of: SignIn) -> None:
    with acting(ana):
        actions.save_note(Note.objects.get(pk=draft.pk), {"presenting": "new words"}, by=ana, version=draft.version, key=uuid.uuid4())
    browser = browser_of(ana)
    answer = browser.get(page("note_edit", draft.pk))
    assert page("note_detail", signed.pk) in words(answer)
    assert SECRET not in words(answer)
    opened = browser.get(page("note_detail", signed.pk), headers={"hx-request": "true"})
    assert SECRET in words(opened)
    assert "<html" not in words(opened)
    assert lines(ana, Act.READ, "note_detail") == 1


def test_attack_07_the_fragment_asks_as_the_page_does(
    ben: User, sofia: User, signed: Note, psychotherapy: Note, browser_of: SignIn
) -> None:
    for person, note in ((ben, signed), (ben, psychotherapy), (sofia, psychotherapy)):
        answer = browser_of(person).get(page("note_detail", note.pk), headers={"hx-request": "true"})
        assert answer.status_code == 404
        assert SECRET not in words(answer)
        assert PRIVATE not in words(answer)


def test_the_editor_asks_few_questions(ana: User, draft: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    browser.get(page("note_edit", draft.pk))
    with questions() as asked:
        browser.get(page("note_edit", draft.pk))
    # session with its person, note, line, keys, goals, snippets, last note, staff of the team, who may, their grants; and of sharing:
    # three for who would be asked, the last share, comments; and which rows are this person
    assert len(asked) == 17


def test_attack_79_trying_again_in_the_background_is_not_work(ana: User, draft: Note, browser_of: SignIn) -> None:
    """The page marks its own repeats, and they do not keep anybody signed in."""
    browser = browser_of(ana)

    def seen() -> Any:
        with acting(ana):
            return SignedIn.objects.get(user=ana).seen_at

    began = seen()
    with clock.at(clock.now() + datetime.timedelta(minutes=5)):
        browser.post(page("note_save", draft.pk), typed(draft.version, presenting=HERE), headers={"x-background": "1"})
        assert seen() == began
        browser.post(page("note_save", draft.pk), typed(draft.version, presenting=HERE), headers={"x-background": "0"})
        assert seen() > began
