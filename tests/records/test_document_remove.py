"""What is final: a document of a signed note stays as it is; one added by mistake leaves who, when and why behind."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from audit.models import Act
from clients.actions import transfer
from clients.models import Client
from practice.models import User
from practice.refusals import Refused
from records import actions
from records.contents import contents_of
from records.models import Document, DocumentPiece, Note
from tests.cast import SignIn, acting
from vault.blob import SealBroken

from .hands import count, lines, page, turned_away, words
from .uploads import PLANTED, TEXT, keep, sent

WHY = "It belongs to another person's record."


def signed_with(document_of: Note, by: User) -> Note:
    with acting(by):
        note = Note.objects.get(pk=document_of.pk)
        actions.sign_note(note, by=by, shown=actions.shown_hash(note).hex())
    return note


def test_taken_out_it_leaves_who_when_and_why_and_nothing_of_itself(ana: User, sofia: User, cleo: Client, browser_of: SignIn) -> None:
    document = keep(ana, cleo)
    browser = browser_of(ana)
    assert browser.post(page("document_remove", document.pk), {"reason": " \n"}).status_code == 422
    assert count(DocumentPiece, ana) == 1
    assert browser.post(page("document_remove", document.pk), {"reason": WHY})["Location"] == page("document_list", cleo.pk)
    assert lines(ana, Act.CHANGE, "remove_document") == 1
    shown = words(browser_of(sofia).get(page("document_list", cleo.pk)))
    assert "A document was here" in shown
    assert WHY.replace("'", "&#x27;") in shown
    assert "Ana Reyes" in shown
    assert PLANTED not in shown
    assert count(DocumentPiece, ana) == 0
    with acting(ana):
        assert Document.objects.get().about == {}
    for name in ("document_detail", "document_download", "document_picture", "document_remove"):
        turned_away(browser, ana, name, document.pk)


def test_only_its_uploader_takes_it_out_and_only_while_they_counsel(
    ana: User, sofia: User, ada: User, ben: User, cleo: Client, browser_of: SignIn
) -> None:
    document = keep(ana, cleo)
    turned_away(browser_of(sofia), sofia, "document_remove", document.pk, {"reason": WHY})
    with acting(ada):
        transfer(cleo, to=ben, by=ada, reason="leaver")
    for person in (ana, ben):
        turned_away(browser_of(person), person, "document_remove", document.pk, {"reason": WHY})
    assert PLANTED in words(browser_of(ben).get(page("document_detail", document.pk)))
    assert count(DocumentPiece, ben) == 1


def test_attack_34_what_hangs_on_a_note_is_signed_and_locked_with_it(
    ana: User, sofia: User, cleo: Client, draft: Note, browser_of: SignIn
) -> None:
    document = keep(ana, cleo, note=draft)
    signed_with(draft, ana)
    browser = browser_of(ana)
    for name, data in (("document_remove", {"reason": WHY}), ("note_document_new", None)):
        pk = document.pk if name == "document_remove" else draft.pk
        turned_away(browser, ana, name, pk)
        turned_away(browser, ana, name, pk, data or sent("a.txt", TEXT))
    note = words(browser_of(sofia).get(page("note_detail", draft.pk)))
    assert PLANTED in note
    assert "Signed and locked with the note." in note
    assert "The text is, to the letter, what was signed." in note
    assert count(Document, ana, note=draft.pk) == 1


def test_se_6_a_document_added_after_the_page_was_shown_is_not_signed_unseen(ana: User, cleo: Client, draft: Note) -> None:
    with acting(ana):
        shown = actions.shown_hash(draft).hex()
    keep(ana, cleo, note=draft)
    with acting(ana), pytest.raises(Refused, match="changed after this page"):
        actions.sign_note(Note.objects.get(pk=draft.pk), by=ana, shown=shown)


def test_attack_34_actions_refuse_as_well(ana: User, cleo: Client, draft: Note) -> None:
    document = keep(ana, cleo, note=draft)
    note = signed_with(draft, ana)
    with acting(ana):
        with pytest.raises(Refused, match="is signed"):
            actions.remove_document(Document.objects.get(pk=document.pk), WHY, by=ana)
        with pytest.raises(Refused, match="is signed"):
            actions.add_document(cleo, TEXT, by=ana, name="b.txt", note=note)


SQL = [
    "UPDATE records_document SET room = 0",
    "UPDATE records_document SET removed_at = now(), removed_by_id = uploader_id, reason = 'x'",
    "UPDATE records_document SET note_id = NULL",
    "UPDATE records_documentpiece SET content = 'x'",
    "DELETE FROM records_document",
    "DELETE FROM records_documentpiece",
    "INSERT INTO records_documentpiece (id, version, document_id, position, content)"
    " SELECT gen_random_uuid(), 1, id, 7, 'x' FROM records_document",
    "INSERT INTO records_document (id, version, client_id, note_id, uploader_id, added_at, about, room, mark)"
    " SELECT gen_random_uuid(), 1, client_id, note_id, uploader_id, now(), about, 1, mark FROM records_document",
]


@pytest.mark.parametrize("statement", SQL)
def test_attack_34_nor_does_the_database_change_what_is_signed(ana: User, cleo: Client, draft: Note, statement: str) -> None:
    keep(ana, cleo, note=draft)
    signed_with(draft, ana)
    assert refused(statement, ana)


@pytest.mark.parametrize("statement", [SQL[0], SQL[2], SQL[3], SQL[4], SQL[5]])
def test_a_document_of_the_record_changes_in_no_other_way_than_by_being_taken_out(ana: User, cleo: Client, statement: str) -> None:
    keep(ana, cleo)
    assert refused(statement, ana)


def refused(statement: str, by: User) -> bool:
    """Whether the database turns ``statement`` down aloud."""
    with acting(by), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(statement)
        except DatabaseError:
            return True
    return False


def test_attack_28_the_second_lock_hides_documents_of_others_and_lets_nobody_add_for_them(
    ana: User, sofia: User, ben: User, cleo: Client, draft: Note
) -> None:
    keep(ana, cleo)
    keep(ana, cleo, note=draft)
    insert = (
        "INSERT INTO records_document (id, version, client_id, uploader_id, added_at, about, room, mark) "
        f"VALUES (gen_random_uuid(), 1, '{cleo.pk}', subrosa_actor(), now(), 'x', 1, 'x')"
    )
    for person, seen in ((ana, 2), (sofia, 1), (ben, 0)):
        assert count(Document, person) == seen
        assert count(DocumentPiece, person) == seen
        assert person == ana or refused(insert, person)
    with acting(ben), connection.cursor() as cursor:
        cursor.execute("SELECT records_room_taken(%s)", [cleo.pk])
        assert cursor.fetchone() == (None,)


def test_attack_87_bytes_that_are_not_those_that_were_kept_are_not_served(ana: User, cleo: Client) -> None:
    """A piece is missing, as after a careless restore: nothing is served rather than half a file."""
    document = keep(ana, cleo, raw=b"a\n" * 700_000)
    with acting(ana):
        kept = Document.objects.get(pk=document.pk)
        assert len(contents_of(kept)) == 1_400_000
        first = kept.pieces.filter(position=0)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(type(first), "order_by", lambda self, *names: first)
            with pytest.raises(SealBroken):
                contents_of(kept)
