"""Signing: exactly what was shown, once, by the author, for ever."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import DatabaseError, connection
from django.test import Client as Browser

from audit import clock
from audit.models import Act
from clients.models import Client
from practice.models import User
from records import actions
from records.models import Note, Session
from tests.cast import PRIVATE, SECRET, SignIn, acting, write_note
from tests.committed import House

from .hands import content, fresh, lines, page, turned_away, typed, words


def test_the_author_signs_what_is_shown(ana: User, draft: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    shown = browser.get(page("note_sign", draft.pk))
    assert SECRET in words(shown)
    answer = browser.post(page("note_sign", draft.pk), {"shown": shown.context["shown"]}, follow=True)
    assert answer.redirect_chain[0][0] == page("note_detail", draft.pk)
    assert "to the letter, what was signed" in words(answer)
    kept = fresh(draft, ana)
    assert (kept.signed_by_id, bytes(kept.signed_hash).hex()) == (ana.pk, shown.context["shown"])
    assert lines(ana, Act.CHANGE, "sign_note") == 1


def test_attack_38_nobody_signs_for_another(request: pytest.FixtureRequest, ana: User, draft: Note, browser_of: SignIn) -> None:
    for person in map(request.getfixturevalue, ["ben", "sofia", "dee", "ada", "lena", "portal_cleo"]):
        browser = browser_of(person)
        with acting(ana):
            shown = actions.shown_hash(Note.objects.get(pk=draft.pk)).hex()
        turned_away(browser, person, "note_sign", draft.pk)
        turned_away(browser, person, "note_sign", draft.pk, {"shown": shown, "by": str(ana.pk)})
        assert fresh(draft, ana).signed_at is None


def test_attack_41_a_text_that_changed_after_it_was_shown_is_not_signed(ana: User, draft: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    shown = browser.get(page("note_sign", draft.pk)).context["shown"]
    browser.post(page("note_save", draft.pk), typed(draft.version, presenting="written in another tab"))
    answer = browser.post(page("note_sign", draft.pk), {"shown": shown})
    assert answer.status_code == 422
    assert "SE-6" in words(answer)
    assert "written in another tab" in words(answer)
    assert fresh(draft, ana).signed_at is None
    assert browser.post(page("note_sign", draft.pk), {"shown": answer.context["shown"]}).status_code == 302


def test_attack_41_a_session_that_was_moved_after_it_was_shown_is_not_signed(
    ana: User, session: Session, draft: Note, browser_of: SignIn
) -> None:
    browser = browser_of(ana)
    shown = browser.get(page("note_sign", draft.pk)).context["shown"]
    with acting(ana):
        actions.change_session(session, by=ana, modality="video")
    answer = browser.post(page("note_sign", draft.pk), {"shown": shown})
    assert answer.status_code == 422
    assert "Video" in words(answer)


MADE_UP = ["", "0" * 64, "x", "\x00", "é" * 64, "0" * 65, "0" * 64 + "\n"]


def test_attack_41_a_made_up_fingerprint_signs_nothing(ana: User, draft: Note, browser_of: SignIn) -> None:
    for shown in MADE_UP:
        assert browser_of(ana).post(page("note_sign", draft.pk), {"shown": shown}).status_code == 422
        assert fresh(draft, ana).signed_at is None


def test_attack_37_signer_and_time_come_from_us(ana: User, ben: User, draft: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    shown = browser.get(page("note_sign", draft.pk)).context["shown"]
    forged = {"shown": shown, "signed_by": ben.pk, "author": ben.pk, "signed_at": "2020-01-01T00:00"}
    browser.post(page("note_sign", draft.pk), forged)
    kept = fresh(draft, ana)
    assert (kept.signed_by_id, kept.author_id) == (ana.pk, ana.pk)
    assert (clock.now() - kept.signed_at).total_seconds() < 300


def test_attack_44_an_empty_note_is_not_signed(ana: User, cleo: Client, browser_of: SignIn) -> None:
    note = write_note(ana, cleo, text=" \n ")
    browser = browser_of(ana)
    answer = browser.post(page("note_sign", note.pk), {"shown": browser.get(page("note_sign", note.pk)).context["shown"]})
    assert answer.status_code == 422
    assert "An empty note cannot be signed" in words(answer)


def test_rec_2_a_psychotherapy_note_never_stands_alone(ana: User, cleo: Client, session: Session, browser_of: SignIn) -> None:
    note = write_note(ana, cleo, kind="psychotherapy", session=session, text=PRIVATE)
    browser = browser_of(ana)
    shown = browser.get(page("note_sign", note.pk)).context["shown"]
    answer = browser.post(page("note_sign", note.pk), {"shown": shown})
    assert answer.status_code == 422
    assert "REC-2" in words(answer)
    write_note(ana, cleo, session=session)
    assert browser.post(page("note_sign", note.pk), {"shown": shown}).status_code == 302


def test_attack_33_a_signed_note_takes_no_post_of_any_kind(ana: User, signed: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    with acting(ana):
        shown = actions.shown_hash(signed).hex()
    turned_away_but_named = [
        ("note_edit", typed(signed.version, presenting="x")),
        ("note_save", typed(signed.version, presenting="x")),
        ("note_sign", {"shown": shown}),
    ]
    for name, sent in turned_away_but_named:
        before = lines(ana, Act.REFUSED, name)
        assert browser.post(page(name, signed.pk), sent).status_code == 404
        assert lines(ana, Act.REFUSED, name) == before + 1
    assert content(signed, ana)["presenting"] == SECRET
    assert fresh(signed, ana).version == signed.version


def test_attack_35_nothing_is_added_to_a_locked_note_but_addenda(ana: User, signed: Note, browser_of: SignIn) -> None:
    with pytest.raises(DatabaseError, match="final"), acting(ana):
        actions.save_note(Note.objects.get(pk=signed.pk), {"presenting": "more"}, by=ana, version=signed.version, key=uuid.uuid4())


def test_attack_36_there_is_no_unlocking(ana: User, signed: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    for verb in ("unlock", "unsign", "reopen", "delete", "discard"):
        assert browser.post(f"/notes/{signed.pk}/{verb}/").status_code == 404
    for method in (browser.put, browser.patch, browser.delete):
        assert {method(page(name, signed.pk)).status_code for name in ("note_detail", "note_edit", "note_save", "note_sign")} == {405}
    with pytest.raises(DatabaseError, match="final"), acting(ana):
        Note.objects.filter(pk=signed.pk).update(signed_at=None, signed_by=None, signed_hash=None)


def test_attack_41_of_many_hands_at_once_one_signs(house: House, browser_of: SignIn) -> None:
    browser, codes = browser_of(house.ana), []
    shown = browser.get(page("note_sign", house.draft.pk)).context["shown"]

    def send() -> None:
        hand = Browser(headers={"user-agent": "Test/1.0"})
        hand.cookies = browser.cookies
        try:
            codes.append(hand.post(page("note_sign", house.draft.pk), {"shown": shown}).status_code)
        finally:
            connection.close()

    hands = [threading.Thread(target=send) for _ in range(5)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(codes) == [302, 404, 404, 404, 404]
    assert lines(house.ana, Act.CHANGE, "sign_note") == 3  # two by furnish(), one here
