"""A note as PDF: who gets it, what stands in it, and what is told of it."""

from __future__ import annotations

import re
from pathlib import Path
from unittest.mock import patch

import pytest

from audit.models import Act, Event
from clients.models import Client
from practice.models import User
from records import actions
from records.models import Note
from tests.cast import PRIVATE, SECRET, SignIn, acting, write_note

from .hands import lines, page, questions, turned_away, words
from .papers import opened, squeezed, structure, whole_words_of, words_of


def test_the_author_and_the_supervisor_get_it(ana: User, sofia: User, signed: Note, browser_of: SignIn) -> None:
    with acting(ana):
        actions.add_addendum(signed, "The hour was moved.\n\nIt began at ten.", by=ana)
    for person in (ana, sofia):
        answer = browser_of(person).get(page("note_pdf", signed.pk))
        text = words_of(answer.content)
        for wanted in (
            SECRET,
            "Cleo Marchetti",
            signed.client.code,
            "Ana Reyes, LPC-A",
            "to the letter, what was signed",
            "It began at ten.",
        ):
            assert squeezed(wanted) in squeezed(text)
        assert squeezed("Made by Ana Reyes on" if person == ana else "Made by Sofia Lindqvist on") in squeezed(text)
        assert lines(person, Act.EXPORT, "note_pdf") == 1
        assert lines(person, Act.READ, "note_pdf") == 0


def test_it_comes_as_a_file_that_is_kept_nowhere(ana: User, signed: Note, browser_of: SignIn) -> None:
    answer = browser_of(ana).get(page("note_pdf", signed.pk))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="note.pdf"'
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
    assert answer.content.startswith(b"%PDF-1.7")


def test_attack_01_nobody_else_does(request: pytest.FixtureRequest, signed: Note, draft: Note, browser_of: SignIn) -> None:
    for person in map(request.getfixturevalue, ["ben", "dee", "ada", "lena", "portal_cleo", "gus"]):
        browser = browser_of(person)
        for note in (signed, draft):
            turned_away(browser, person, "note_pdf", note.pk)
            turned_away(browser, person, "note_print", note.pk)


def test_rec_3_a_psychotherapy_note_goes_to_its_author_alone_and_says_so(
    ana: User, sofia: User, psychotherapy: Note, browser_of: SignIn
) -> None:
    for name in ("note_pdf", "note_print"):
        turned_away(browser_of(sofia), sofia, name, psychotherapy.pk)
    text = squeezed(words_of(browser_of(ana).get(page("note_pdf", psychotherapy.pk)).content))
    assert squeezed(PRIVATE) in text
    assert squeezed("for its author alone, kept apart from the record") in text


def test_a_draft_says_so_on_every_page_and_goes_to_its_author_alone(
    ana: User, sofia: User, cleo: Client, draft: Note, signed: Note, browser_of: SignIn
) -> None:
    long = write_note(ana, cleo, text="A line of the day.\n" * 200)
    made = browser_of(ana).get(page("note_pdf", long.pk)).content
    with opened(made) as pdf:
        pages = len(pdf.pages)
    assert pages > 3
    assert len(re.findall(r"\bDraft\b", whole_words_of(made))) == pages + 1  # and once in words
    assert "not part of the record yet" in whole_words_of(made)
    assert "Draft" not in whole_words_of(browser_of(ana).get(page("note_pdf", signed.pk)).content)
    turned_away(browser_of(sofia), sofia, "note_pdf", draft.pk)


def test_every_page_has_code_and_number_and_says_that_it_is_confidential(ana: User, cleo: Client, browser_of: SignIn) -> None:
    note = write_note(ana, cleo, signed=True, text="A line of the day.\n" * 200)
    made = browser_of(ana).get(page("note_pdf", note.pk)).content
    text = whole_words_of(made)
    with opened(made) as pdf:
        count = len(pdf.pages)
    assert [f"{cleo.code} · page {number} of {count}" in text for number in range(1, count + 1)] == [True] * count
    assert text.count("Confidential") == count
    assert text.count("Marchetti") == 1  # the name stands once, on the first page


def test_rec_5_a_text_that_is_not_what_was_signed_is_not_called_so(ana: User, signed: Note, browser_of: SignIn) -> None:
    with patch("records.actions.signature_holds", return_value=False):
        text = squeezed(words_of(browser_of(ana).get(page("note_pdf", signed.pk)).content))
    assert squeezed("This text is not what was signed") in text
    assert squeezed("to the letter, what was signed") not in text


def test_it_is_tagged_and_says_its_language(ana: User, signed: Note, browser_of: SignIn) -> None:
    with opened(browser_of(ana).get(page("note_pdf", signed.pk)).content) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        found = structure(pdf)
    assert found[:2] == ["/Document", "/H1"]
    assert {"/H2", "/P", "/L", "/LBody"} <= {*found}


def test_t37_nothing_about_it_names_anybody(ana: User, signed: Note, browser_of: SignIn) -> None:
    made = browser_of(ana).get(page("note_pdf", signed.pk)).content
    with opened(made) as pdf:
        assert {str(key): str(value) for key, value in pdf.docinfo.items() if key != "/Creator"} == {"/Title": "Session note"}
        assert str(pdf.docinfo["/Creator"]).startswith("Typst ")
        about = bytes(pdf.Root.Metadata.read_bytes()).decode()
        assert not {"/Names", "/AcroForm", "/OpenAction", "/AA", "/OCProperties", "/Perms"} & {*pdf.Root.keys()}
        assert all("/Annots" not in page and "/Thumb" not in page for page in pdf.pages)
        outline = " ".join(str(item.title) for item in pdf.open_outline().root)
    for name in ("Ana", "Reyes", "Cleo", "Marchetti", signed.client.code, "heron", "author", "practice"):
        assert name not in about
        assert name not in outline
    assert (made.count(b"%%EOF"), made.count(b"startxref")) == (1, 1)  # one revision
    assert SECRET.encode() not in made


def test_the_line_is_there_before_the_first_byte(ana: User, signed: Note, browser_of: SignIn) -> None:
    with patch("practice.pdf.press", side_effect=RuntimeError("fell over")) as press:
        browser = browser_of(ana)
        browser.raise_request_exception = False
        assert browser.get(page("note_pdf", signed.pk)).status_code == 500
    assert press.called
    with acting(ana):
        (line,) = Event.objects.filter(actor_id=ana.pk, part="note_pdf")
    assert (line.act, line.what, line.what_id, line.client_id) == ("export", "records.note", signed.pk, signed.client_id)


def test_what_cannot_be_set_is_answered_in_words(ana: User, cleo: Client, signed: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    with patch("practice.pdf.PRESS", Path("/nowhere/press.py")):
        answer = browser.get(page("note_pdf", signed.pk))
    assert answer.status_code == 409
    assert "Print it instead" in words(answer)
    marks = write_note(ana, cleo, text="a" + "\u0301" * 99_999)  # typst 0.15 falls over it
    assert browser.get(page("note_pdf", marks.pk)).status_code in (200, 409)
    assert browser.get(page("note_print", marks.pk)).status_code == 200


def test_it_asks_the_database_little(ana: User, signed: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    browser.get(page("note_pdf", signed.pk))
    with questions() as asked:
        browser.get(page("note_pdf", signed.pk))
    assert len(asked) <= 7, asked  # session, user, practice, the note, its line, its addenda, keys
