"""Adding a document: who may, what is kept and how, what is refused in which words, and when there is no room."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.db import connection

from audit.models import Act
from clients.models import Client
from practice.models import User
from practice.uploads import InMemory
from records.models import Document, DocumentPiece, Note
from tests.cast import SignIn, acting

from .hands import count, lines, page, turned_away, words
from .uploads import PLANTED, TEXT, keep, picture, sent


def the_one(by: User) -> Document:
    with acting(by):
        return Document.objects.select_related("client", "note").get()


def test_a_counselor_adds_a_document_and_the_page_says_who_can_read_it(ana: User, cleo: Client, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    asked = words(browser.get(page("document_new", cleo.pk)))
    assert "Who can read this?" in asked
    assert "Sofia Lindqvist" in asked
    response = browser.post(page("document_new", cleo.pk), sent("../../Cleo's letter.txt", TEXT, title="", ident=uuid.uuid4()))
    assert response["Location"] == page("document_list", cleo.pk)
    assert lines(ana, Act.CHANGE, "add_document") == 1
    with acting(ana):
        kept = Document.objects.get()
        assert (kept.title, kept.name, kept.sort, kept.size, kept.room) == ("Cleo's letter", "Cleo's letter.txt", "text", len(TEXT), 65536)


def test_attack_42_and_61_its_bytes_and_names_are_sealed_in_the_database(ana: User, cleo: Client) -> None:
    keep(ana, cleo, name="blue heron.txt")
    with acting(ana), connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.about, p.content, d::text, p::text FROM records_document d JOIN records_documentpiece p ON p.document_id = d.id"
        )
        about, content, *texts = cursor.fetchone()
    for stored in (bytes(about), bytes(content), *(text.encode() for text in texts)):
        assert PLANTED.encode() not in stored
        assert b"heron" not in stored
    assert len(bytes(content)) % 256 in range(64)  # padded: the length tells little


def test_a_large_file_is_sealed_in_pieces_and_comes_out_whole(ana: User, cleo: Client, browser_of: SignIn) -> None:
    raw = (PLANTED.encode() + b"\n") * 120_000
    document = keep(ana, cleo, raw=raw)
    assert count(DocumentPiece, ana) == 3
    assert browser_of(ana).get(page("document_download", document.pk)).content == raw


def test_sent_twice_it_is_kept_once(ana: User, cleo: Client, browser_of: SignIn) -> None:
    ident = uuid.uuid4()
    for _ in range(2):
        assert browser_of(ana).post(page("document_new", cleo.pk), sent("a.txt", TEXT, ident=ident)).status_code == 302
    assert count(Document, ana) == 1


def test_attack_69_what_is_not_kept_is_said_beside_the_file_and_the_title_stays(ana: User, cleo: Client, browser_of: SignIn) -> None:
    svg = sent("drawing.svg", b"<svg onload=alert(1)>", "image/png", title="A drawing of hers", ident=uuid.uuid4())
    for given in (svg, {"title": "A drawing of hers", "ident": "not one"}, {**svg, **sent("a.txt", b"")}):
        response = browser_of(ana).post(page("document_new", cleo.pk), given)
        assert response.status_code == 422
        assert 'id="id_file_error"' in words(response)
        assert "A drawing of hers" in words(response)
        assert "<svg onload" not in words(response)
    assert count(Document, ana) == 0


def test_asvs_5_2_1_a_body_far_too_large_is_not_kept_in_memory_and_answered_in_words(
    ana: User, cleo: Client, browser_of: SignIn, settings: object
) -> None:
    settings.UPLOAD_BYTES = settings.DOCUMENT_BYTES = 1024 * 1024  # type: ignore[attr-defined]  # pytest-django's settings
    response = browser_of(ana).post(page("document_new", cleo.pk), sent("a.txt", b"x" * 3 * 1024 * 1024, ident=uuid.uuid4()))
    assert response.status_code == 422
    assert "This file is larger than 1 MB." in words(response)
    assert count(Document, ana) == 0


def test_a_file_never_touches_the_disk_and_strangers_send_none(ana: User, settings: object) -> None:
    assert settings.FILE_UPLOAD_HANDLERS == ["practice.uploads.InMemory"]  # type: ignore[attr-defined]  # pytest-django's settings
    for user, kept in ((ana, TEXT), (None, b"")):
        handler = InMemory(type("Request", (), {"user": user}))
        handler.new_file("file", "a.txt", "text/plain", None)
        handler.receive_data_chunk(TEXT, 0)
        file = handler.file_complete(len(TEXT))
        assert isinstance(file, InMemoryUploadedFile)
        assert (file.read(), file.size) == (kept, len(TEXT))


def test_attack_72_no_name_of_a_file_leads_anywhere(ana: User, cleo: Client, browser_of: SignIn) -> None:
    for name in ("../../../etc/passwd.txt", "..\\..\\windows\\system.txt", "/etc/cron.d/x.txt", "a\u202etxt.exe.txt", "x" * 200 + ".txt"):
        document = keep(ana, cleo, name=name, title="")
        with acting(ana):
            kept = Document.objects.get(pk=document.pk)
            assert "/" not in kept.name + kept.title
            assert "\\" not in kept.name + kept.title
            assert len(kept.name) <= 150
        served = browser_of(ana).get(page("document_download", document.pk))["Content-Disposition"]
        assert served.startswith('attachment; filename="document-')
        assert served.endswith('.txt"')


@pytest.mark.parametrize("setting", ["DOCUMENT_CLIENT_BYTES", "DOCUMENT_PRACTICE_BYTES"])
def test_when_the_room_is_used_up_it_says_whose(ana: User, cleo: Client, browser_of: SignIn, settings: object, setting: str) -> None:
    keep(ana, cleo)
    setattr(settings, setting, 100_000)
    response = browser_of(ana).post(page("document_new", cleo.pk), sent("b.txt", TEXT, ident=uuid.uuid4()))
    assert response.status_code == 422
    assert ("of this client" if "CLIENT" in setting else "of the practice") in words(response)


def test_nobody_but_who_counsels_adds_one(
    cleo: Client, sofia: User, ben: User, dee: User, ada: User, portal_cleo: User, browser_of: SignIn
) -> None:
    for person in (sofia, ben, dee, ada, portal_cleo):
        turned_away(browser_of(person), person, "document_new", cleo.pk)
        turned_away(browser_of(person), person, "document_new", cleo.pk, sent("a.txt", TEXT, ident=uuid.uuid4()))


def test_a_picture_goes_through_the_whole_house_without_its_place(ana: User, cleo: Client, browser_of: SignIn) -> None:
    assert (
        browser_of(ana).post(page("document_new", cleo.pk), sent("a.jpg", picture(), "text/html", title="Hill")).status_code == 422
    )  # no ident
    given = sent("a.jpg", picture(), "text/html", title="Hill", ident=uuid.uuid4())
    assert browser_of(ana).post(page("document_new", cleo.pk), given).status_code == 302
    shown = browser_of(ana).get(page("document_picture", the_one(ana).pk))
    assert shown["Content-Type"] == "image/jpeg"
    assert PLANTED.encode() not in shown.content


def test_a_draft_saves_its_words_on_the_way_to_its_document_and_comes_back(ana: User, draft: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    given = {"version": draft.version, "key": str(uuid.uuid4()), "presenting": "Words just typed.", "then": "document"}
    assert browser.post(page("note_edit", draft.pk), given)["Location"] == page("note_document_new", draft.pk)
    added = browser.post(page("note_document_new", draft.pk), sent("a.txt", TEXT, title=PLANTED, ident=uuid.uuid4()))
    assert added["Location"] == page("note_edit", draft.pk)
    editor = words(browser.get(page("note_edit", draft.pk)))
    assert PLANTED in editor
    assert "Words just typed." in editor
