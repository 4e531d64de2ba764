"""A note as it is printed: an act of its own, the same words as the PDF, and nothing of them is markup."""

from __future__ import annotations

import html

from audit.models import Act
from clients.models import Client
from practice.models import User
from records import actions
from records.models import Note
from tests.cast import PRIVATE, SECRET, SignIn, acting, write_note

from .hands import lines, page, words
from .papers import payloads


def test_the_care_team_prints_it_and_each_time_is_told(ana: User, sofia: User, signed: Note, browser_of: SignIn) -> None:
    with acting(ana):
        actions.add_addendum(signed, "It began at ten.", by=ana)
    for person in (ana, sofia):
        text = words(browser_of(person).get(page("note_print", signed.pk)))
        for wanted in (SECRET, "Cleo Marchetti", signed.client.code, "to the letter, what was signed", "It began at ten.", "Confidential"):
            assert wanted in text
        assert lines(person, Act.EXPORT, "note_print") == 1
        assert lines(person, Act.READ, "note_print") == 0


def test_reading_a_note_is_no_printing(ana: User, signed: Note, browser_of: SignIn) -> None:
    text = words(browser_of(ana).get(page("note_detail", signed.pk)))
    assert page("note_print", signed.pk) in text
    assert page("note_pdf", signed.pk) in text
    assert lines(ana, Act.EXPORT, "note_print") == lines(ana, Act.EXPORT, "note_pdf") == 0


def test_the_title_names_nobody(ana: User, signed: Note, browser_of: SignIn) -> None:
    text = words(browser_of(ana).get(page("note_print", signed.pk)))
    title = text.partition("<title>")[2].partition("</title>")[0]
    assert title.startswith("Session note")
    assert "Cleo" not in title
    assert signed.client.code not in title


def test_a_draft_and_a_psychotherapy_note_say_so(ana: User, draft: Note, psychotherapy: Note, browser_of: SignIn) -> None:
    text = words(browser_of(ana).get(page("note_print", draft.pk)))
    assert "not part of the record yet" in text
    assert 'class="paper draft"' in text
    text = words(browser_of(ana).get(page("note_print", psychotherapy.pk)))
    assert PRIVATE in text
    assert "kept apart from the record" in text


def test_attack_67_every_payload_is_shown_as_written(ana: User, cleo: Client, browser_of: SignIn) -> None:
    written = payloads()
    note = write_note(ana, cleo, text="\n\n".join(written))
    text = words(browser_of(ana).get(page("note_print", note.pk)))
    assert [payload for payload in written if html.escape(payload) not in text] == []
    assert "<script>alert" not in text
    assert "onerror=alert(1)>" not in text
