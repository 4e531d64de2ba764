"""A couple's session: one shared part, a part per person, and nobody else's identity in anybody's own record (IC-33, IC-34)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from audit import clock
from audit.models import Act, Event
from clients import actions as clients
from clients.models import Client
from practice.models import User
from practice.refusals import Refused
from records import access, actions
from records.models import Addendum, Document, Note, Session
from tests.cast import SignIn, acting, write_note

from .hands import fresh, page, stable, words
from .test_second_lock import refused, rows

SHARED = "They built the paper boat together and let it go."
OWN = "Alone, the first of them spoke of the green door."
OTHERS = ("Casimir", "Thorvaldsen", "Caz", "Marigold", "Pemberton")


def agree(by: User, unit: Client, shared: bool = True, days: int = -30) -> None:
    with acting(by):
        since = clock.today() + datetime.timedelta(days=days)
        words = {"who_is_client": "The two of them.", "secrets": "None are kept.", "how": "On paper."}
        clients.record_agreement(unit, by=by, shared_into_records=shared, since=since, **words)


def row_of(person: Client, session: Session, by: User) -> Session:
    with acting(by):
        return Session.objects.select_related("client").get(within=session, client=person)


def part(by: User, person: Client, session: Session, text: str = OWN, signed: bool = True) -> Note:
    return write_note(by, person, session=row_of(person, session, by), signed=signed, text=text)


# --- rows -----------------------------------------------------------------------------------------------------------------


def test_each_who_was_there_has_a_row_that_follows_the_session(ana: User, couple: Client, cleo: Client, together: Session) -> None:
    row = row_of(cleo, together, ana)
    with acting(ana):
        assert (row.starts_at, row.outcome, row.setting, row.place) == (together.starts_at, "attended", "couple", None)
        moved = together.starts_at - datetime.timedelta(hours=2)
        actions.change_session(fresh_in(together), by=ana, starts_at=moved, modality="phone")
        row = Session.objects.get(pk=row.pk)
        assert (row.starts_at, row.modality) == (moved, "phone")
        for change in (actions.change_session, lambda row, by: actions.record_outcome(row, "late", by=by)):
            with pytest.raises(Refused, match="one person's row"):
                change(row, by=ana)
        assert not access.changeable_sessions(ana).filter(pk=row.pk).exists()


def fresh_in(session: Session) -> Session:
    return Session.objects.get(pk=session.pk)


def test_the_queue_asks_for_the_shared_part_alone(ana: User, couple: Client, together: Session) -> None:
    with acting(ana):
        assert [row.pk for row in access.unnoted_sessions(ana)] == [together.pk]
    write_note(ana, couple, session=together, text=SHARED)
    with acting(ana):
        assert not access.unnoted_sessions(ana).exists()


def test_who_has_a_part_is_not_taken_off_and_nobody_joins_after_signing(
    ana: User, cleo: Client, casimir: Client, together: Session
) -> None:
    part(ana, cleo, together, signed=False)
    with acting(ana), pytest.raises(Refused, match="has a part"):
        actions.change_session(fresh_in(together), by=ana, participants=[casimir])
    with acting(ana):
        actions.change_session(fresh_in(together), by=ana, participants=[cleo])
        assert [row.client_id for row in together.rows.all()] == [cleo.pk]
        note = Note.objects.get(session__within=together)
        actions.sign_note(note, by=ana, shown=actions.shown_hash(note).hex())
    with acting(ana), pytest.raises(Refused, match="signed"):
        actions.change_session(fresh_in(together), by=ana, participants=[cleo, casimir])


# --- the shared part ------------------------------------------------------------------------------------------------------


def test_ic_33_without_an_agreement_the_shared_part_stays_where_it_is(ana: User, couple: Client, cleo: Client, together: Session) -> None:
    agree(ana, couple, shared=True, days=3)  # not yet in force
    write_note(ana, couple, session=together, signed=True, text=SHARED + " Casimir laughed.")
    agree(ana, couple, shared=False)
    with acting(ana):
        assert not Note.objects.filter(client=cleo).exists()


def test_ic_33_as_agreed_the_shared_part_and_its_addenda_are_copied(
    ana: User, sofia: User, couple: Client, cleo: Client, casimir: Client, together: Session
) -> None:
    agree(ana, couple)
    shared = write_note(ana, couple, session=together, signed=True, text=SHARED)
    with acting(ana):
        actions.add_addendum(shared, "It was a red boat.", by=ana)
        copies = list(Note.objects.filter(copied_from=shared).select_related("session", "author").order_by("client__since"))
        assert [(copy.client_id, copy.signed_at, copy.unit_id) for copy in copies] == [
            (person.pk, fresh_note(shared).signed_at, couple.pk) for person in (cleo, casimir)
        ]
        for copy in copies:
            assert copy.content["presenting"] == SHARED
            assert actions.signature_holds(copy)
            (addendum,) = copy.addenda.all()
            assert addendum.text == "It was a red boat."
            assert actions.addendum_holds(addendum)
            assert not access.amendable_notes(ana).filter(pk=copy.pk).exists()
        assert Event.objects.filter(client_id=cleo.pk, part="copy_shared_part").count() == 1
    refused(ana, "UPDATE records_note SET content = '' WHERE id = %s", copies[0].pk)
    refused(ana, "DELETE FROM records_note WHERE id = %s", copies[0].pk)


def test_ic_34_a_document_of_the_shared_part_is_copied_nowhere_and_the_pages_say_so(
    ana: User, couple: Client, cleo: Client, together: Session, browser_of: SignIn
) -> None:
    agree(ana, couple)
    shared, browser = write_note(ana, couple, session=together, text=SHARED), browser_of(ana)
    assert "stays in the record they have together" in words(browser.get(page("note_document_new", shared.pk)))
    with acting(ana):
        actions.add_document(couple, b"A page about Casimir.", by=ana, name="scan.txt", title="Casimir's letter", note=shared)
    asked = browser.get(page("note_sign", shared.pk))
    assert "The documents stay here" in words(asked)
    browser.post(page("note_sign", shared.pk), {"shown": asked.context["shown"]})  # what the file is called does not hold it up
    with acting(ana):
        copy = Note.objects.get(client=cleo, copied_from=shared)
        assert not Document.objects.filter(client=cleo).exists()
        assert actions.signature_holds(copy)
    read = words(browser.get(page("note_detail", copy.pk)))
    assert "stay in the record of the couple" in read
    assert not [name for name in OTHERS if name in read]


def fresh_note(note: Note) -> Note:
    return Note.objects.get(pk=note.pk)


def test_ic_33_an_agreement_ended_copies_no_more(ana: User, couple: Client, cleo: Client, together: Session) -> None:
    agree(ana, couple)
    shared = write_note(ana, couple, session=together, signed=True, text=SHARED)
    agree(ana, couple, shared=False, days=-1)
    with acting(ana):
        actions.add_addendum(shared, "Casimir regrets it.", by=ana)
        assert Note.objects.get(client=cleo).content["presenting"] == SHARED  # what is there stays
        assert not Addendum.objects.filter(note__client=cleo).exists()


# --- nobody else's name (IC-34) -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["CASIMIR wept.", "caz\u2019s door", "Mr. Thorvaldsen", "the Thorvaldsens", "Ca\u0301simir"])
def test_ic_34_a_part_that_names_another_member_is_not_signed(
    ana: User, cleo: Client, together: Session, text: str, browser_of: SignIn
) -> None:
    draft = part(ana, cleo, together, text=f"She said: {text} And Cleo Marchetti nodded.", signed=False)
    with acting(ana):
        shown = actions.shown_hash(Note.objects.get(pk=draft.pk)).hex()
    answer = browser_of(ana).post(page("note_sign", draft.pk), {"shown": shown})
    assert answer.status_code == 422
    assert "IC-34" in words(answer)
    assert words(answer).count("<mark>") == 1
    assert fresh(draft, ana).signed_at is None


def test_ic_34_a_word_that_is_not_the_person_is_ticked_and_the_tick_is_kept(
    ana: User, cleo: Client, casimir: Client, together: Session, browser_of: SignIn
) -> None:
    with acting(ana):
        clients.change_person(Client.objects.get(pk=casimir.pk), by=ana, preferred_name="Rose")
    draft = part(ana, cleo, together, text="She gave up the rose in the window.", signed=False)
    browser = browser_of(ana)
    with acting(ana):
        shown = actions.shown_hash(Note.objects.get(pk=draft.pk)).hex()
    assert browser.post(page("note_sign", draft.pk), {"shown": shown, "cleared": ["window"]}).status_code == 422
    assert browser.post(page("note_sign", draft.pk), {"shown": shown, "cleared": ["rose"]}).status_code == 302
    assert fresh(draft, ana).names_cleared == 1
    with acting(ana):
        assert Event.objects.filter(what_id=draft.pk, part="clear_names").count() == 1
    added = {"ident": str(draft.pk), "text": "Rose red it was, and amber."}
    answer = browser.post(page("addendum_new", draft.pk), added)
    assert answer.status_code == 422
    assert "<mark>Rose</mark>" in words(answer)
    assert added["text"] in words(answer)
    assert browser.post(page("addendum_new", draft.pk), added | {"cleared": ["rose"]}).status_code == 302
    with acting(ana):
        assert Addendum.objects.get(note=draft).names_cleared == 1


def test_ic_34_a_shared_part_that_is_copied_names_nobody_of_them(ana: User, couple: Client, cleo: Client, together: Session) -> None:
    agree(ana, couple)
    for text in ("Cleopatra went first.", f"Filed under {couple.code}.", "Casimir after her."):
        with pytest.raises(Refused, match="look like the name"):
            write_note(ana, couple, session=together, signed=True, text=text)
    with acting(ana):
        assert not Note.objects.filter(client=cleo).exists()


def test_ic_34_one_family_name_of_both_is_nobodys_secret(ana: User, cleo: Client, casimir: Client, together: Session) -> None:
    with acting(ana):
        clients.change_person(Client.objects.get(pk=casimir.pk), by=ana, family_name="Marchetti")
    assert part(ana, cleo, together, text="Cleo on being a Marchetti.").is_signed


def test_ic_34_what_a_document_is_called_is_searched_and_what_is_in_it_is_not(
    ana: User, cleo: Client, together: Session, browser_of: SignIn
) -> None:
    draft, browser = part(ana, cleo, together, signed=False), browser_of(ana)
    with acting(ana):
        actions.add_document(cleo, b"A page about Casimir.", by=ana, name="scan.txt", title="For Caz", note=draft)
        shown = actions.shown_hash(Note.objects.get(pk=draft.pk)).hex()
    text = words(browser.get(page("note_sign", draft.pk)))
    assert "<mark>Caz</mark> (scan.txt)" in text
    assert "not in what stands in the documents" in text
    assert browser.post(page("note_sign", draft.pk), {"shown": shown}).status_code == 422
    assert browser.post(page("note_sign", draft.pk), {"shown": shown, "cleared": ["caz"]}).status_code == 302


def test_ic_34_who_is_beyond_reach_is_told_by_number_and_code_and_gets_no_copy(
    ana: User, ben: User, couple: Client, cleo: Client, casimir: Client, together: Session, browser_of: SignIn
) -> None:
    agree(ana, couple)
    shared, hers = write_note(ana, couple, session=together, text=SHARED), part(ana, cleo, together, signed=False)
    yesterday = clock.now() - datetime.timedelta(days=1)
    with acting(ana):  # ended before this test began, where the database's clock stands still
        casimir.grants.filter(user=ana).update(since=yesterday - datetime.timedelta(days=9), until=yesterday)
    browser = browser_of(ana)
    text = words(browser.get(page("note_sign", shared.pk)))
    assert "One person\u2019s name was not searched for" in text
    assert f"nothing is copied there: {casimir.code}" in text
    assert not [name for name in OTHERS[:3] if name in stable(browser.get(page("note_sign", hers.pk)))]
    assert "nothing is copied" not in words(browser.get(page("note_sign", hers.pk)))
    with acting(ana):
        row = Session.objects.get(within=together)
        actions.sign_note(shared, by=ana, shown=actions.shown_hash(shared).hex())
        assert [copy.client_id for copy in Note.objects.filter(copied_from=shared)] == [cleo.pk]
    assert rows(ben, "SELECT records_beyond(%s), records_beyond(%s)", together.pk, row.pk) == [("[]", "[]")]


def test_ic_34_a_part_shown_to_a_supervisor_names_nobody_else(ana: User, cleo: Client, together: Session, browser_of: SignIn) -> None:
    draft, browser = part(ana, cleo, together, text="Casimir wept.", signed=False), browser_of(ana)
    answer = browser.post(page("draft_share", draft.pk), {"version": draft.version})
    assert answer.status_code == 422
    assert "<mark>Casimir</mark>" in words(answer)
    assert "IC-34" in words(answer)
    assert browser.post(page("draft_share", draft.pk), {"version": draft.version, "cleared": ["casimir"]}).status_code == 302
    with acting(ana):
        assert Event.objects.filter(client_id=cleo.pk, what="records.draftshare", part="clear_names").count() == 1


def test_where_nobody_is_entered_it_is_said_and_only_whom_one_counsels_can_be(
    ana: User, sofia: User, couple: Client, cleo: Client, casimir: Client, together: Session, browser_of: SignIn
) -> None:
    with acting(ana):
        actions.change_session(fresh_in(together), by=ana, participants=[])
        clients.transfer(casimir, to=sofia, by=ana, reason="workload")
        assert list(access.possible_participants(ana, couple)) == [cleo]
        assert list(access.possible_participants(sofia, couple)) == [casimir]  # she supervises the others' work
    shared = write_note(ana, couple, session=together, text=SHARED)
    for name, pk in (("session_detail", together.pk), ("note_sign", shared.pk)):
        assert "Nobody is entered as having been there" in words(browser_of(ana).get(page(name, pk)))


@pytest.fixture
def told(ana: User, couple: Client, cleo: Client, casimir: Client, together: Session) -> dict[str, Note]:
    """Both parts and the shared one, signed, copied; the couple's own record names them."""
    agree(ana, couple)
    write_note(ana, couple, kind="crisis", signed=True, text="Casimir called.")
    shared = write_note(ana, couple, session=together, signed=True, text=SHARED)
    return {"shared": shared, "hers": part(ana, cleo, together), "his": part(ana, casimir, together, text="His was the anchor.")}


def test_attack_53_a_persons_record_holds_no_other_members_identity(
    ana: User, sofia: User, cleo: Client, couple: Client, together: Session, told: dict[str, Note], browser_of: SignIn
) -> None:
    """Every page of Cleo's record, as read by her supervisor, who may not open the couple; on paper and on the trail as well."""
    with acting(ana):
        grant = couple.grants.get(user=sofia)
        clients.end_grant(grant, by=ana)
        copy = Note.objects.get(client=cleo, copied_from=told["shared"])
    browser, row = browser_of(sofia), row_of(cleo, together, ana)
    asked = [("session_list", cleo.pk), ("session_detail", row.pk), ("note_detail", told["hers"].pk), ("note_detail", copy.pk),
             ("note_print", copy.pk), ("note_print", told["hers"].pk), ("client_detail", cleo.pk), ("client_access", cleo.pk)]  # fmt: skip
    texts = {(name, pk): stable(browser.get(page(name, pk))) for name, pk in asked}
    for place, text in texts.items():
        assert not [name for name in (*OTHERS, couple.code, "anchor") if name in text], place
    assert "couple session" in texts["session_list", cleo.pk]
    assert SHARED in texts["note_detail", copy.pk]
    for name, pk in (("session_detail", together.pk), ("note_detail", told["shared"].pk), ("client_detail", couple.pk)):
        assert browser.get(page(name, pk)).status_code == 404


def test_attack_12_a_counselor_of_one_member_sees_that_members_rows_alone(
    ana: User, ben: User, cleo: Client, casimir: Client, together: Session, told: dict[str, Note]
) -> None:
    with acting(ana):
        clients.assign(casimir, ben, by=ana)
    assert {pk for (pk,) in rows(ben, "SELECT client_id FROM records_session")} == {casimir.pk}
    assert {pk for (pk,) in rows(ben, "SELECT client_id FROM records_note")} == {casimir.pk}
    assert rows(ben, "SELECT count(*) FROM records_note") == [(2,)]  # his part, and the copy
    assert rows(ben, "SELECT 1 FROM clients_unitagreement") == []
    refused(ana, "UPDATE clients_unitagreement SET shared_into_records = false")


def test_who_is_denied_one_member_sees_no_row_part_or_copy_of_the_other(
    ana: User, ben: User, cleo: Client, casimir: Client, together: Session, told: dict[str, Note]
) -> None:
    with acting(ana):
        clients.assign(casimir, ben, by=ana)
        clients.deny(cleo, ben, by=ana, reason="her brother")
    assert rows(ben, "SELECT 1 FROM records_session") == []
    assert rows(ben, "SELECT 1 FROM records_note") == []
    with acting(ben):
        assert not access.readable_sessions(ben).exists()
        assert not access.readable_notes(ben).exists()


FORGED = """INSERT INTO records_note (id, version, client_id, session_id, kind, format, author_id, content, created_at, saved_at,
    signed_at, signed_by_id, signed_hash, late_entry, unit_id, copied_from_id, names_cleared)
    SELECT gen_random_uuid(), 1, %s, %s, kind, format, author_id, content, created_at, saved_at,
    signed_at, signed_by_id, signed_hash, late_entry, %s, {copied}, 0 FROM records_note WHERE id = %s"""


def test_ic_34_no_copy_and_no_row_is_forged_by_sql(
    ana: User, couple: Client, cleo: Client, mia: Client, together: Session, session: Session
) -> None:
    shared = write_note(ana, couple, session=together, signed=True, text=SHARED)
    row = row_of(cleo, together, ana)
    refused(ana, FORGED.format(copied="id"), cleo.pk, row.pk, couple.pk, shared.pk)  # nobody agreed
    agree(ana, couple)
    refused(ana, FORGED.format(copied="id"), mia.pk, row.pk, couple.pk, shared.pk)
    refused(ana, FORGED.format(copied="id"), cleo.pk, session.pk, couple.pk, shared.pk)
    refused(ana, FORGED.format(copied="NULL"), cleo.pk, row.pk, None, shared.pk)  # a part that hides whose session it was
    refused(ana, "UPDATE records_session SET within_id = NULL, unit_id = NULL WHERE id = %s", row.pk)
    copied = "INSERT INTO records_session SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'client_id', %s))).*"
    refused(ana, copied + " FROM records_session s WHERE id = %s", mia.pk, row.pk)  # no member
    refused(ana, "DELETE FROM records_session WHERE id = %s", together.pk)


# --- pages ----------------------------------------------------------------------------------------------------------------


def test_the_editor_shows_the_parts_and_a_persons_part_is_begun_from_there(
    ana: User, couple: Client, cleo: Client, together: Session, browser_of: SignIn
) -> None:
    browser = browser_of(ana)
    text = words(browser.get(page("session_detail", together.pk)))
    assert text.count("not begun") == 3
    assert "No agreement is in force" in text
    shared = write_note(ana, couple, session=together, text=SHARED)
    text = words(browser.get(page("note_edit", shared.pk)))
    assert 'aria-label="Parts of this session"' in text
    assert (text.count("not begun"), text.count('aria-current="page"')) == (2, 1)
    row = row_of(cleo, together, ana)
    begin: dict[str, Any] = {"ident": str(row.pk), "kind": "progress", "session": str(row.pk)}
    answer = browser.post(page("note_new", cleo.pk), begin, follow=True)
    assert answer.status_code == 200
    with acting(ana):
        begun = Note.objects.get(session=row)
        assert (begun.client_id, begun.unit_id) == (cleo.pk, couple.pk)
        assert Event.objects.filter(client_id=cleo.pk, act=Act.CHANGE, part="begin_note").exists()
    assert words(browser.get(page("session_detail", row.pk))).count(str(together.pk)) == 1


def test_ic_33_the_agreement_is_recorded_and_shown_with_those_before(ana: User, couple: Client, cleo: Client, browser_of: SignIn) -> None:
    browser, url = browser_of(ana), page("unit_agreement", couple.pk)
    said = {"who_is_client": "The pair, in writing.", "secrets": "No secrets from either.", "how": "Both signed.", "since": "2026-01-05"}
    for wrong in ({"shared": ""}, {"since": "3026-01-01"}, {"how": "\0"}, {"who_is_client": "x" * 5001}, {"since": "x"}):
        answer = browser.post(url, said | {"shared": "yes"} | wrong)
        assert answer.status_code == 422, wrong
        assert "No secrets from either." in words(answer)
    assert browser.post(url, said | {"shared": "yes"}).status_code == 302
    assert browser.post(url, said | {"shared": "no", "since": "2026-02-01", "secrets": "Changed."}).status_code == 302
    text = words(browser.get(page("client_detail", couple.pk)))
    assert text.index("Changed.") < text.index("1 other agreement") < text.index("No secrets from either.")
    assert browser.get(page("unit_agreement", cleo.pk)).status_code == 404
