"""A part of a record as it is printed: the same words as the PDF, told in the same way."""

from __future__ import annotations

from audit.models import Act, Event
from clients.models import Client
from practice.models import User
from records import actions
from records.models import Note, Session
from tests.cast import PRIVATE, SECRET, SignIn, acting, write_note

from .hands import page, words
from .papers import fresh_proof, words_of
from .test_chart_pdf import choice
from .uploads import PLANTED, keep


def test_sessions_and_signed_notes_with_their_addenda(
    ana: User, cleo: Client, signed: Note, psychotherapy: Note, browser_of: SignIn
) -> None:
    with acting(ana):
        actions.add_addendum(signed, "It began at ten. <script>x</script>", by=ana)
    with fresh_proof():
        answer = browser_of(ana).post(page("chart_print", cleo.pk), choice())
    text = words(answer)
    for wanted in (
        "Cleo Marchetti",
        cleo.code,
        SECRET,
        "It began at ten. &lt;script&gt;",
        "Planned",
        "Ana Reyes, LPC-A",
        "Made by",
        "Confidential",
    ):
        assert wanted in text
    assert PRIVATE not in text
    assert "Room 2, willow" not in text
    assert answer["Cache-Control"] == "no-store"
    title = text.partition("<title>")[2].partition("</title>")[0]
    assert title.startswith("Record ")
    with acting(ana):
        told = Event.objects.filter(actor_id=ana.pk, part="chart_print", act=Act.EXPORT).order_by("id")
        assert [(line.what, line.what_id, line.client_id) for line in told] == [
            ("clients.client", cleo.pk, cleo.pk),
            ("records.note", signed.pk, cleo.pk),
        ]


def test_documents_are_listed_by_title_and_date_and_their_contents_are_not(
    ana: User, cleo: Client, session: Session, browser_of: SignIn
) -> None:
    keep(ana, cleo, title="Of the record")
    note = write_note(ana, cleo, session=session)
    keep(ana, cleo, note=note, title="Of the note")
    private = write_note(ana, cleo, "psychotherapy", session=session, text=PRIVATE)
    keep(ana, cleo, note=private, title="Of the private note")
    with acting(ana):
        for each in (note, private):
            actions.sign_note(each, by=ana, shown=actions.shown_hash(each).hex())
    with fresh_proof():
        shown = words(browser_of(ana).post(page("chart_print", cleo.pk), choice()))
        made = browser_of(ana).post(page("chart_pdf", cleo.pk), choice()).content
    for text in (shown, words_of(made)):
        assert "Of the record (Plain text)" in text
        assert "Of the note (Plain text)" in text
        assert "Listed only" in text
        assert "Of the private note" not in text
        assert PLANTED not in text
