"""Reading a note, and adding to a signed one."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from audit.models import Act
from clients import actions as clients
from clients.models import Client
from practice.models import User
from records import actions
from records.forms import LONGEST_PART
from records.models import Addendum, Note
from tests.cast import PRIVATE, SECRET, SignIn, acting, write_note

from .hands import content, count, fresh, lines, page, questions, turned_away, words


def test_the_author_and_the_supervisor_read_it(ana: User, sofia: User, signed: Note, browser_of: SignIn) -> None:
    for person in (ana, sofia):
        answer = browser_of(person).get(page("note_detail", signed.pk))
        assert SECRET in words(answer)
        assert "Ana Reyes</bdi>, <bdi>LPC-A" in words(answer)
        assert ("Add addendum" in words(answer)) == (person == ana)
        assert lines(person, Act.READ, "note_detail") == 1
        assert answer["Cache-Control"] == "no-store"


def test_attack_01_nobody_else_does(request: pytest.FixtureRequest, signed: Note, draft: Note, browser_of: SignIn) -> None:
    for person in map(request.getfixturevalue, ["ben", "dee", "ada", "lena", "portal_cleo", "gus"]):
        browser = browser_of(person)
        for note in (signed, draft):
            turned_away(browser, person, "note_detail", note.pk)


def test_attack_32_denied_and_missing_answer_alike(ben: User, signed: Note, browser_of: SignIn) -> None:
    browser = browser_of(ben)
    denied, missing = (browser.get(page("note_detail", pk)) for pk in (signed.pk, uuid.uuid4()))
    assert (denied.status_code, denied.content) == (missing.status_code, missing.content)


def test_rec_3_a_psychotherapy_note_is_its_authors_alone(
    request: pytest.FixtureRequest, ana: User, psychotherapy: Note, browser_of: SignIn
) -> None:
    for person in map(request.getfixturevalue, ["sofia", "ben", "dee", "ada", "lena", "portal_cleo"]):
        browser = browser_of(person)
        for name in ("note_edit", "note_save", "note_sign", "addendum_new"):
            turned_away(browser, person, name, psychotherapy.pk, {"text": "x"})
        turned_away(browser, person, "note_detail", psychotherapy.pk)
        assert PRIVATE in words(browser_of(ana).get(page("note_detail", psychotherapy.pk)))


def test_rec_3_not_even_a_colleague_who_takes_over(
    ana: User, ben: User, cleo: Client, psychotherapy: Note, signed: Note, browser_of: SignIn
) -> None:
    with acting(ana):
        clients.transfer(cleo, to=ben, by=ana, reason="leaver")
    browser = browser_of(ben)
    assert browser.get(page("note_detail", signed.pk)).status_code == 200
    turned_away(browser, ben, "note_detail", psychotherapy.pk)


def test_attack_14_neither_a_superuser_nor_a_model_permission_opens_it(
    ben: User, signed: Note, psychotherapy: Note, browser_of: SignIn
) -> None:
    User.objects.filter(pk=ben.pk).update(is_superuser=True)
    browser = browser_of(ben)
    for note in (signed, psychotherapy):
        turned_away(browser, ben, "note_detail", note.pk)


def test_attack_28_an_addendum_opens_with_its_note_alone(
    ana: User, ben: User, bens_client: Client, signed: Note, browser_of: SignIn
) -> None:
    with acting(ana):
        row = actions.add_addendum(signed, "The date was the 4th.", by=ana)
    for name in ("note_detail", "addendum_new", "session_detail"):
        turned_away(browser_of(ben), ben, name, row.pk)
    assert "The date was the 4th." in words(browser_of(ana).get(page("note_detail", signed.pk)))


def test_se_6_a_text_that_is_not_what_was_signed_is_said_aloud(ana: User, signed: Note, browser_of: SignIn, monkeypatch: Any) -> None:
    browser = browser_of(ana)
    assert "to the letter, what was signed" in words(browser.get(page("note_detail", signed.pk)))
    monkeypatch.setattr(actions.fingerprints, "shown_hash", lambda note: b"\0" * 32)
    seen = words(browser.get(page("note_detail", signed.pk)))
    assert "This text is not what was signed" in seen
    assert "to the letter, what was signed" not in seen


def test_a_note_opens_with_four_questions_and_one_with_addenda_asks_for_them_at_once(ana: User, signed: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    browser.get(page("note_detail", signed.pk))
    with questions() as asked:
        browser.get(page("note_detail", signed.pk))
    assert len(asked) == 4  # session with its person, note, line, keys
    with acting(ana):
        for number in range(5):
            actions.add_addendum(signed, f"Number {number}.", by=ana)
    with questions() as asked:
        assert "Number 4." in words(browser.get(page("note_detail", signed.pk)))
    assert len(asked) == 5


def test_attack_42_no_word_of_a_note_where_it_does_not_belong(
    ana: User, draft: Note, signed: Note, caplog: Any, browser_of: SignIn
) -> None:
    browser = browser_of(ana)
    for name, note in (("note_detail", signed), ("note_edit", draft), ("note_sign", draft), ("addendum_new", signed)):
        answer = browser.get(page(name, note.pk))
        head = words(answer).split("</head>")[0]
        assert SECRET not in head
        assert SECRET not in str(dict(answer.items()))
    with acting(ana):
        for row in (draft, signed, fresh(signed, ana)):
            assert str(row.content["presenting"]) == SECRET
            assert SECRET not in f"{row} {row!r}"
    assert SECRET not in caplog.text


# --- addenda ------------------------------------------------------------------------------------------------------------


def form(text: str = "The date was the 4th.", **changed: Any) -> dict[str, Any]:
    return {"ident": str(uuid.uuid4()), "text": text, **changed}


def test_rec_5_a_correction_is_an_addendum_and_the_note_stays(ana: User, sofia: User, signed: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    assert SECRET in words(browser.get(page("addendum_new", signed.pk)))
    answer = browser.post(page("addendum_new", signed.pk), form(), follow=True)
    assert "The date was the 4th." in words(answer)
    assert content(signed, ana)["presenting"] == SECRET
    assert "The date was the 4th." in words(browser_of(sofia).get(page("note_detail", signed.pk)))
    assert lines(ana, Act.CHANGE, "add_addendum") == 1


def test_attack_10_nobody_else_adds_one(request: pytest.FixtureRequest, ana: User, signed: Note, browser_of: SignIn) -> None:
    for person in map(request.getfixturevalue, ["ben", "sofia", "dee", "ada", "lena", "portal_cleo"]):
        turned_away(browser_of(person), person, "addendum_new", signed.pk)
        turned_away(browser_of(person), person, "addendum_new", signed.pk, form())
        assert count(Addendum, ana) == 0


def test_a_draft_takes_no_addendum(ana: User, draft: Note, browser_of: SignIn) -> None:
    assert browser_of(ana).post(page("addendum_new", draft.pk), form()).status_code == 404


def test_sent_twenty_times_it_is_one_addendum(ana: User, signed: Note, browser_of: SignIn) -> None:
    browser, sent = browser_of(ana), form()
    for _ in range(20):
        assert browser.post(page("addendum_new", signed.pk), sent)["Location"] == page("note_detail", signed.pk)
    assert count(Addendum, ana) == 1


def test_attack_43_an_addendum_is_never_changed_by_sending_its_id_again(
    ana: User, ben: User, bens_client: Client, signed: Note, browser_of: SignIn
) -> None:
    sent = form()
    browser_of(ana).post(page("addendum_new", signed.pk), sent)
    browser_of(ana).post(page("addendum_new", signed.pk), {**sent, "text": "rewritten"})
    theirs = write_note(ben, bens_client, signed=True)
    answer = browser_of(ben).post(page("addendum_new", theirs.pk), {**sent, "text": "taken over"})
    assert answer.status_code == 422
    assert "taken over" in words(answer)
    with acting(ana):
        assert [row.text for row in Addendum.objects.all()] == ["The date was the 4th."]


NONSENSE = [
    form(""),
    form(" \n\t"),
    form("a\x00b"),
    form("x" * (LONGEST_PART + 1)),
    form(ident="x"),
    form(ident=""),
    {"ident": str(uuid.uuid4())},
    form(ident="\x00"),
]


def test_what_makes_no_sense_is_said_and_kept(ana: User, signed: Note, browser_of: SignIn) -> None:
    for sent in NONSENSE:
        answer = browser_of(ana).post(page("addendum_new", signed.pk), sent)
        assert answer.status_code == 422
        assert sent.get("text", "").strip("\n")[:20] in words(answer)
        assert count(Addendum, ana) == 0


def test_attack_37_its_author_and_time_come_from_us(ana: User, ben: User, signed: Note, browser_of: SignIn) -> None:
    sent = form(author=str(ben.pk), signed_at="2020-01-01", note=str(uuid.uuid4()))
    browser_of(ana).post(page("addendum_new", signed.pk), sent)
    with acting(ana):
        row = Addendum.objects.get(pk=sent["ident"])
    assert (row.author_id, row.note_id, row.signed_at.year > 2020) == (ana.pk, signed.pk, True)
