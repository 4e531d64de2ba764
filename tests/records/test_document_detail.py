"""Looking at documents: who may, what is shown and what is only fetched, and what stands on the trail."""

from __future__ import annotations

import pytest
from django.db import connection

from audit.models import Act
from clients.models import Client
from practice.models import User
from records.models import Note, Session
from tests.cast import PRIVATE, SignIn, acting, write_note

from .hands import lines, page, questions, turned_away, words
from .uploads import PLANTED, keep, paper, picture

PAGES = ("document_detail", "document_download")
ALL = (*PAGES, "document_picture", "document_remove")


def test_the_care_team_sees_what_hangs_on_the_record_and_each_look_is_told(
    ana: User, sofia: User, cleo: Client, browser_of: SignIn
) -> None:
    document = keep(ana, cleo)
    for person in (ana, sofia):
        browser = browser_of(person)
        assert PLANTED in words(browser.get(page("document_list", cleo.pk)))
        assert PLANTED in words(browser.get(page("document_detail", document.pk)))
        assert browser.get(page("document_download", document.pk)).status_code == 200
        assert lines(person, Act.READ, "document_detail") == 1
        assert lines(person, Act.EXPORT, "document_download") == 1


def test_attack_28_an_id_opens_nothing_for_whoever_is_not_on_the_team(
    ana: User, ben: User, dee: User, ada: User, lena: User, portal_cleo: User, cleo: Client, bens_client: Client, browser_of: SignIn
) -> None:
    document = keep(ana, cleo, title="Marchetti, a letter")
    for person in (ben, dee, ada, lena, portal_cleo):
        for name in ALL:
            turned_away(browser_of(person), person, name, document.pk)
    listed = browser_of(ben).get(page("document_list", bens_client.pk))
    assert "Marchetti" not in words(listed)


def test_attack_28_a_document_of_a_note_is_asked_for_through_its_note(
    ana: User, sofia: User, cleo: Client, session: Session, signed: Note, browser_of: SignIn
) -> None:
    """A draft's is its author's until it is signed; a psychotherapy note's stays its author's."""
    draft = write_note(ana, cleo, session=session)
    private = write_note(ana, cleo, "psychotherapy", session=session, text=PRIVATE)
    for note in (draft, private):
        document = keep(ana, cleo, note=note)
        for name in (*PAGES, "document_remove"):
            turned_away(browser_of(sofia), sofia, name, document.pk)
            assert browser_of(ana).get(page(name, document.pk)).status_code == 200
    assert PLANTED not in words(browser_of(sofia).get(page("document_list", cleo.pk)))
    assert "You alone" in words(browser_of(ana).get(page("document_detail", document.pk)))


def test_attack_11_the_key_of_an_authors_own_document_is_theirs_alone(
    ana: User, sofia: User, cleo: Client, session: Session, signed: Note
) -> None:
    private = write_note(ana, cleo, "psychotherapy", session=session, text=PRIVATE)
    document = keep(ana, cleo, note=private)
    with acting(ana):
        assert document.keyhole().compartment == "psychotherapy"
        assert document.keyhole().holder == ana.pk
        assert document.trail_label == "records.psychotherapy"
    with acting(sofia), connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM records_document), (SELECT count(*) FROM records_documentpiece)")
        assert cursor.fetchone() == (0, 0)


@pytest.mark.parametrize(("name", "raw", "kind"), [("a.jpg", picture(), "image/jpeg"), ("a.pdf", paper(), "application/pdf")])
def test_attack_69_what_is_served_is_what_we_say_it_is_and_runs_nothing(
    ana: User, cleo: Client, browser_of: SignIn, name: str, raw: bytes, kind: str
) -> None:
    document = keep(ana, cleo, name=name, raw=raw, title="Hill & <b>dale</b>")
    browser = browser_of(ana)
    served = browser.get(page("document_download", document.pk))
    assert served["Content-Type"] == kind
    assert served["X-Content-Type-Options"] == "nosniff"
    assert served["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert served["Cache-Control"] == "no-store"
    assert served["Content-Disposition"].startswith('attachment; filename="document-20')
    assert "Hill" not in served["Content-Disposition"]
    shown = words(browser.get(page("document_detail", document.pk)))
    assert "Hill &amp; &lt;b&gt;dale" in shown
    assert "<title>Document" in shown
    assert (page("document_picture", document.pk) in shown) is (kind != "application/pdf")
    assert browser.get(page("document_picture", document.pk)).status_code == (404 if kind == "application/pdf" else 200)


def test_attack_67_a_text_is_shown_as_text(ana: User, cleo: Client, browser_of: SignIn) -> None:
    document = keep(ana, cleo, raw=b"Said: <script>alert(1)</script> " + PLANTED.encode())
    shown = words(browser_of(ana).get(page("document_detail", document.pk)))
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown
    assert browser_of(ana).get(page("document_picture", document.pk)).status_code == 404


def test_a_picture_of_another_document_is_no_way_round(ana: User, sofia: User, cleo: Client, draft: Note, browser_of: SignIn) -> None:
    document = keep(ana, cleo, note=draft, name="a.jpg", raw=picture())
    turned_away(browser_of(sofia), sofia, "document_picture", document.pk)
    assert browser_of(ana).get(page("document_picture", document.pk)).status_code == 200


def test_an_empty_list_says_what_to_do_and_a_long_one_asks_no_more(ana: User, sofia: User, cleo: Client, browser_of: SignIn) -> None:
    assert "No documents yet" in words(browser_of(ana).get(page("document_list", cleo.pk)))
    assert page("document_new", cleo.pk) not in words(browser_of(sofia).get(page("document_list", cleo.pk)))
    browser, counts = browser_of(ana), []
    for _ in range(2):
        keep(ana, cleo)
        with questions() as asked:
            browser.get(page("document_list", cleo.pk))
        counts.append(len(asked))
    assert counts[0] == counts[1]
