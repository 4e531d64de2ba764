"""Files that go with messages: cleaned, sealed, final, and only for whoever reads the thread (attacks 28, 34, 67, 69, T38)."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from clients.models import Client
from messaging import actions
from messaging.contents import contents_of
from messaging.models import Attachment, AttachmentPiece
from practice.models import User
from practice.refusals import Refused
from tests.cast import acting
from tests.clients.conftest import Ask, text_of
from tests.records.uploads import PLANTED, TEXT, paper, picture, unpacked

from .conftest import sent, thread_of, write

pytestmark = pytest.mark.django_db
ATTACK = "<script>alert(1)</script>"


def test_t38_of_files_planted_with_place_camera_author_and_script_nothing_is_left(ana: User, cleo: Client, portal_cleo: User) -> None:
    planted = [
        actions.File(name, raw)
        for name, raw in (("a.jpg", picture()), ("b.png", picture("PNG")), ("c.webp", picture("WEBP")), ("d.pdf", paper()))
    ]
    assert all(PLANTED.encode() in (unpacked(file.raw) if file.name == "d.pdf" else file.raw) for file in planted)  # the control
    write(thread_of(portal_cleo, cleo), portal_cleo, "", *planted)
    with acting(ana):
        kept = [contents_of(row) for row in Attachment.objects.order_by("position")]
    left = [
        raw
        for raw in kept
        if any(word in (unpacked(raw) if raw.startswith(b"%PDF") else raw) for word in (PLANTED.encode(), b"Exif", b"alert"))
    ]
    assert (len(kept), len(left)) == (4, 0)


def test_attack_28_a_file_is_fetched_by_whoever_reads_its_thread_and_never_runs_in_a_page(
    ana: User, ben: User, dee: User, mia: Client, vera: User, gus: User, mia_herself: User, ask: Ask
) -> None:
    files = (actions.File("evidence of the mauve bridge.txt", TEXT), actions.File("b.png", picture("PNG")))
    message = write(thread_of(vera, mia), vera, "See these.", *files)
    with acting(ana):
        text, photo = message.attachments.order_by("position")
    for user, prefix in ((ana, ""), (vera, "own_")):
        answer = ask(user, f"{prefix}attachment_download", pk=text.pk)
        assert answer.content == TEXT
        assert answer["Content-Disposition"].startswith('attachment; filename="file-')
        assert "mauve" not in str(answer.headers)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert ask(user, f"{prefix}attachment_picture", pk=photo.pk)["Content-Type"] == "image/png"
        assert ask(user, f"{prefix}attachment_picture", pk=text.pk).status_code == 404
    for user in (ben, dee, gus, mia_herself):
        for page in ("attachment_download", "attachment_picture", "own_attachment_download", "own_attachment_picture"):
            assert ask(user, page, pk=photo.pk).status_code == 404
        with acting(user):
            assert not Attachment.objects.exists()
            assert not AttachmentPiece.objects.exists()


def test_attack_42_and_61_names_words_and_bytes_are_sealed_in_the_database(ana: User, cleo: Client, portal_cleo: User) -> None:
    write(thread_of(portal_cleo, cleo), portal_cleo, "The blue heron.", actions.File("blue heron.txt", TEXT))
    with acting(ana), connection.cursor() as cursor:
        cursor.execute(
            "SELECT m::text || a::text || p::text, m.text, a.about, p.content FROM messaging_message m "
            "JOIN messaging_attachment a ON a.message_id = m.id JOIN messaging_attachmentpiece p ON p.attachment_id = a.id"
        )
        whole, *parts = cursor.fetchone()
    for stored in (whole.encode(), *(bytes(part) for part in parts)):
        assert b"heron" not in stored
        assert PLANTED.encode() not in stored


def test_attack_34_nothing_joins_a_message_that_was_sent(ana: User, cleo: Client, portal_cleo: User) -> None:
    message = write(thread_of(portal_cleo, cleo), portal_cleo, "One file.", actions.File("a.txt", TEXT))
    with acting(portal_cleo):
        there = message.attachments.get()
    late = Attachment(client_id=cleo.pk, message=message, position=1, about={"name": "b"}, room=65536, mark=b"x")
    piece = AttachmentPiece(attachment=there, position=1, content=b"more")
    tries = [(user, lambda row=row: row.save(force_insert=True)) for user in (portal_cleo, ana) for row in (late, piece)]
    tries += [(portal_cleo, lambda: Attachment.objects.all().delete()), (ana, lambda: Attachment.objects.update(room=1))]
    for user, act in tries:
        with acting(user), pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_attack_67_words_and_names_of_files_are_text_on_both_sides(ana: User, cleo: Client, portal_cleo: User, ask: Ask) -> None:
    thread = thread_of(portal_cleo, cleo)
    write(
        thread,
        portal_cleo,
        f"{ATTACK}\u202eright to left",
        actions.File(f'{ATTACK}" onload=x.txt', TEXT),
        actions.File("'><img src=x>.png", picture("PNG")),
    )
    for user, page in ((ana, "thread_detail"), (ana, "thread_file"), (portal_cleo, "own_thread")):
        text = text_of(ask(user, page, pk=thread.pk))
        assert "&lt;script&gt;alert(1)" in text
        assert ATTACK not in text
        assert "<img src=x>" not in text


def test_attack_69_and_72_what_is_not_kept_is_said_and_the_words_stay(ana: User, cleo: Client, portal_cleo: User, ask: Ask) -> None:
    thread = thread_of(portal_cleo, cleo)
    for name, raw in (("../../x.svg", b"<svg onload=alert(1)>"), ("x.png", b"<html>"), ("x.txt", b"")):
        answer = ask(portal_cleo, "own_thread_send", sent("My long words.", SimpleUploadedFile(name, raw)), pk=thread.pk)
        assert answer.status_code == 422
        assert "My long words." in text_of(answer)
        assert "choose it again" in text_of(answer)
    many = [SimpleUploadedFile(f"{number}.txt", TEXT) for number in range(6)]
    assert "At most 5 files" in text_of(ask(portal_cleo, "own_thread_send", sent("Six.", *many), pk=thread.pk))
    assert (
        ask(
            portal_cleo, "own_thread_send", sent("Two.", *[SimpleUploadedFile(f"../{n}.txt", TEXT) for n in "ab"]), pk=thread.pk
        ).status_code
        == 302
    )
    with acting(ana):
        assert [row.name for row in Attachment.objects.order_by("position")] == ["a.txt", "b.txt"]


def test_there_is_a_bound_to_the_files_of_a_thread(cleo: Client, portal_cleo: User, settings: object) -> None:
    settings.DOCUMENT_CLIENT_BYTES = 100_000  # type: ignore[attr-defined]  # a fixture of pytest-django
    thread = thread_of(portal_cleo, cleo)
    write(thread, portal_cleo, "", actions.File("a.txt", TEXT))
    with pytest.raises(Refused):
        write(thread, portal_cleo, "", actions.File("b.txt", TEXT), ident=uuid.uuid4())
