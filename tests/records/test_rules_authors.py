"""What is its author's alone, and while they counsel: the rules alone, in a database that hides nothing (REC-1, REC-3)."""

from __future__ import annotations

from clients.models import Codename
from records import access, actions
from tests.cast import acting, write_note
from tests.committed import House

from .found import end, found, grant
from .test_rules_sessions import hour


def test_rec_3_a_draft_and_a_psychotherapy_note_are_their_authors_alone(unlocked: House) -> None:
    house, ana, sofia = unlocked, unlocked.ana, unlocked.sofia
    of_cleo = {house.signed.pk, house.draft.pk, house.psychotherapy.pk}
    assert of_cleo <= found(access.readable_notes, ana)
    assert found(access.readable_notes, sofia) & of_cleo == {house.signed.pk}
    assert found(access.readable_once_signed, sofia) & of_cleo == {house.signed.pk, house.draft.pk}
    assert found(access.editable_notes, ana) & of_cleo == {house.draft.pk}


def test_whoever_counsels_a_client_no_more_writes_nothing_there(unlocked: House) -> None:
    ana, ben, cleo, mia = unlocked.ana, unlocked.ben, unlocked.cleo, unlocked.mia
    grant(cleo, ben, Codename.COUNSEL, "assigned")
    here, bens, over = hour(cleo, ana, 1), hour(cleo, ben, 2), hour(mia, ana, 3)
    draft = write_note(ana, mia)
    assert {here.pk, over.pk} <= found(access.notable_sessions, ana)
    end(mia, ana)
    grant(mia, ana, Codename.SUPERVISE)
    assert {here.pk, bens.pk, over.pk} <= found(access.readable_sessions, ana)
    assert {here.pk, bens.pk, over.pk} & found(access.notable_sessions, ana) == {here.pk}
    assert draft.pk in found(access.readable_notes, ana)
    assert draft.pk not in found(access.editable_notes, ana)


def test_what_hangs_on_a_note_is_seen_by_whoever_reads_that_note(unlocked: House) -> None:
    ana, sofia, cleo = unlocked.ana, unlocked.sofia, unlocked.cleo
    with acting(ana):
        of_record = actions.add_document(cleo, b"A drawing of the boat.", by=ana, name="boat.txt")
        of_draft = actions.add_document(cleo, b"A drawing of the oar.", by=ana, name="oar.txt", note=unlocked.draft)
        told = {row.pk: (row.has_documents, row.has_addenda) for row in access.readable_notes(ana)}  # type: ignore[attr-defined]  # annotated
    assert (told[unlocked.draft.pk], told[unlocked.signed.pk]) == ((True, False), (False, True))
    assert found(access.listed_documents, ana) == {of_record.pk, of_draft.pk}
    assert found(access.listed_documents, sofia) == {of_record.pk}
