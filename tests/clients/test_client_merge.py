"""Two rows that are one person: shown as one to whoever may open both, and nobody gains anything by it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from audit import clock
from clients import actions
from clients.access import own_emergencies
from clients.models import Client, GlassReview, Merge
from practice.models import Practice, User
from practice.refusals import Refused
from records.models import Note
from tests.cast import acting, write_note
from tests.records.uploads import keep

from .conftest import Ask, Lines, text_of
from .test_second_lock import refused, rows

pytestmark = pytest.mark.django_db

WORDS = "The copper staircase that only the second row tells of."


@pytest.fixture(autouse=True)
def confirmed() -> Iterator[None]:
    """Whoever asks has confirmed who they are a moment ago."""
    with patch("practice.factors.is_fresh", return_value=True):
        yield


@pytest.fixture
def twin(ana: User, sofia: User, cleo: Client) -> Client:
    """Cleo, taken in a second time under her former name; Ana counsels her there as well."""
    with acting(ana):
        twin = actions.take_in(by=ana, counselor=ana, given_name="Kleopatra", family_name="Vanterpool", born_on=datetime.date(1991, 4, 2))
        actions.add_contact_point(twin, by=ana, kind="phone", address="503 555 0188", may_contact=True)
    return twin


@pytest.fixture
def twins_note(ana: User, twin: Client) -> Note:
    return write_note(ana, twin, text=WORDS, signed=True)


@pytest.fixture
def merged(ana: User, twin: Client, cleo: Client) -> Client:
    with acting(ana):
        actions.merge(twin, cleo, by=ana)
    return twin


def only(user: User, client: Client, by: User) -> None:
    """Let ``user`` counsel ``client`` as well."""
    with acting(by):
        actions.assign(client, user, by=by)


# --- the pages -----------------------------------------------------------------------------------------------------------


def test_it_is_found_compared_confirmed_and_shown_as_one(
    ana: User, dee: User, sofia: User, cleo: Client, twin: Client, twins_note: Note, ask: Ask, lines: Lines
) -> None:
    found = text_of(ask(ana, "client_merge", {"words": "vanterpool"}, pk=cleo.pk))
    assert str(twin.pk) in found
    compared = text_of(ask(ana, "client_merge", {"other": str(twin.pk)}, pk=cleo.pk))
    assert [words in compared for words in ("Nobody sees more than today", "Sofia Lindqvist", twin.code)] == [True] * 3
    wrong = ask(ana, "client_merge", {"other": str(twin.pk), "confirm": cleo.code}, pk=cleo.pk)
    assert wrong.status_code == 422
    assert ask(ana, "client_merge", {"other": str(twin.pk), "confirm": twin.code}, pk=cleo.pk)["Location"] == f"/clients/{cleo.pk}/"
    assert {line.client_id for line in lines(part="merge", actor_id=ana.pk)} == {cleo.pk, twin.pk}
    for user in (ana, dee):
        listed = text_of(ask(user, "client_list"))
        assert (cleo.code in listed, twin.code in listed) == (True, False)
        searched = text_of(ask(user, "client_search", {"words": "vanterpool"}))
        assert (cleo.code in searched, twin.code in searched) == (True, False)
    for user in (ana, sofia):
        overview = text_of(ask(user, "client_detail", pk=cleo.pk))
        assert [words in overview for words in (twin.code, "Vanterpool", "2 Apr 1991")] == [True] * 3
    assert lines(part="client_detail", actor_id=sofia.pk, client_id=twin.pk)


def test_attack_86_a_merge_and_its_undoing_ask_for_a_fresh_confirmation(
    ana: User, cleo: Client, merged: Client, mia: Client, ask: Ask
) -> None:
    with patch("practice.factors.is_fresh", return_value=False):
        for answer in (
            ask(ana, "client_merge", {"other": str(mia.pk), "confirm": mia.code}, pk=cleo.pk),
            ask(ana, "merge_undo", {"confirm": merged.code}, pk=cleo.pk, duplicate=merged.pk),
        ):
            assert "reauthenticate" in answer["Location"]
    with acting(ana):
        assert Merge.objects.count() == 1


def test_nothing_is_lost_under_the_kept_one(
    ana: User, sofia: User, dee: User, cleo: Client, twin: Client, twins_note: Note, merged: Client, ask: Ask, lines: Lines
) -> None:
    keep(ana, twin, title="A letter of the second row")
    with acting(ana):
        before = rows(ana, "SELECT count(*) FROM audit_event WHERE client_id = %s", twin.pk)[0][0]
    for user in (ana, sofia):
        assert f"/notes/{twins_note.pk}/" in text_of(ask(user, "session_list", pk=cleo.pk))
        assert "A letter of the second row" in text_of(ask(user, "document_list", pk=cleo.pk))
    assert "555 0188" in text_of(ask(dee, "client_contacts", pk=cleo.pk))
    assert WORDS in text_of(ask(sofia, "note_detail", pk=twins_note.pk))
    assert "Note signed and locked" in text_of(ask(ana, "client_access", pk=cleo.pk))
    assert len(lines(client_id=twin.pk)) > before
    assert lines(part="session_list", actor_id=sofia.pk, client_id=twin.pk)


def test_a_search_in_notes_and_a_paper_of_the_kept_one_hold_both(
    ana: User, cleo: Client, twins_note: Note, merged: Client, ask: Ask
) -> None:
    def searched(client: str) -> str:
        answer = ask(ana, "note_search", {"words": "staircase", "client": client})
        return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # streams

    assert str(twins_note.pk) in searched(cleo.code)
    assert str(twins_note.pk) in searched(merged.code)
    day = clock.today()
    chosen = {"since": str(day - datetime.timedelta(days=2)), "until": str(day + datetime.timedelta(days=1)), "kinds": ["progress"]}
    paper = text_of(ask(ana, "chart_print", chosen, pk=cleo.pk))
    assert [words in paper for words in (WORDS, cleo.code, merged.code)] == [True] * 3


PAGES = ("client_detail", "session_list", "client_contacts", "client_access", "document_list", "session_new", "note_new")


@pytest.mark.parametrize("page", PAGES)
def test_the_duplicates_pages_lead_to_the_kept_one(page: str, ana: User, cleo: Client, merged: Client, ask: Ask) -> None:
    answer = ask(ana, page, pk=merged.pk, query="?a=b")
    assert (answer.status_code, str(cleo.pk) in answer["Location"], answer["Location"].endswith("?a=b")) == (302, True, True)


def test_its_care_team_keeps_a_page_of_its_own(ana: User, ada: User, cleo: Client, merged: Client, ask: Ask) -> None:
    for user in (ana, ada):
        assert cleo.code in text_of(ask(user, "client_team", pk=merged.pk))
        assert merged.code in text_of(ask(user, "client_team", pk=cleo.pk))
    codes = text_of(ask(ada, "client_codes", {"words": merged.code}))
    assert f"/clients/{cleo.pk}/team/" in codes
    assert "Vanterpool" not in codes
    found = text_of(ask(ada, "trail", query=f"?client={cleo.pk}"))
    assert merged.code in found


def test_a_merge_is_undone_by_who_made_it_and_both_stand_apart_again(
    ana: User, sofia: User, cleo: Client, merged: Client, ask: Ask, lines: Lines
) -> None:
    there = {"pk": cleo.pk, "duplicate": merged.pk}
    assert ask(sofia, "merge_undo", **there).status_code == 404
    assert "Undo the merge" in text_of(ask(ana, "merge_undo", **there))
    assert ask(ana, "merge_undo", {"confirm": "no"}, **there).status_code == 422
    assert ask(ana, "merge_undo", {"confirm": merged.code}, **there).status_code == 302
    assert ask(ana, "client_detail", pk=merged.pk).status_code == 200
    assert merged.code in text_of(ask(ana, "client_list"))
    assert merged.code not in text_of(ask(ana, "client_detail", pk=cleo.pk))
    assert {line.client_id for line in lines(part="undo_merge")} == {cleo.pk, merged.pk}


@pytest.mark.parametrize("other", ["", "\x00", "nonsense", "6ba7b810-9dad-41d1-80b4-00c04fd430c8", "itself", "bruno"])
def test_what_cannot_be_merged_is_said_and_nothing_is_told_of_others(
    other: str, ana: User, cleo: Client, bens_client: Client, ask: Ask
) -> None:
    ident = {"itself": str(cleo.pk), "bruno": str(bens_client.pk)}.get(other, other)
    answer = ask(ana, "client_merge", {"other": ident, "confirm": bens_client.code}, pk=cleo.pk)
    assert answer.status_code == 422
    assert "could not be merged" in text_of(answer)
    assert bens_client.code not in text_of(answer)


# --- who gains nothing ---------------------------------------------------------------------------------------------------


def test_attack_20_whoever_opens_one_row_alone_gains_nothing_and_is_told_nothing(
    ana: User, ben: User, lena: User, cleo: Client, twin: Client, twins_note: Note, signed: Note, ask: Ask
) -> None:
    only(ben, twin, by=ana)
    only(lena, cleo, by=ana)
    with acting(ana):
        actions.merge(twin, cleo, by=ana)
    for user, own, other, unseen in ((ben, twin, cleo, "Marchetti"), (lena, cleo, twin, "Vanterpool")):
        for page in ("client_detail", "session_list", "client_contacts", "client_access", "document_list", "client_team"):
            shown = ask(user, page, pk=own.pk)
            assert shown.status_code == 200, page
            assert not {word for word in (other.code, str(other.pk), unseen) if word in text_of(shown)}, page
            assert "erged" not in text_of(shown), page
            assert ask(user, page, pk=other.pk).status_code == 404
        assert own.code in text_of(ask(user, "client_list"))
        assert "Nobody found" in text_of(ask(user, "client_search", {"words": unseen.lower()}))
        assert other.code not in text_of(ask(user, "client_merge", {"words": unseen.lower()}, pk=own.pk))
        assert rows(user, "SELECT count(*) FROM clients_merge") == [(0,)]
        assert rows(user, "SELECT count(*) FROM audit_event WHERE what = 'clients.merge'") == [(0,)]
    assert ask(ben, "note_detail", pk=signed.pk).status_code == 404
    assert ask(lena, "note_detail", pk=twins_note.pk).status_code == 404


@pytest.mark.parametrize("who", ["ben", "sofia", "dee", "ada", "portal_cleo"])
def test_attack_11_only_who_counsels_both_merges(
    who: str, request: pytest.FixtureRequest, ana: User, cleo: Client, twin: Client, ask: Ask
) -> None:
    user = request.getfixturevalue(who)
    if who == "ben":
        only(user, twin, by=ana)
    assert ask(user, "client_merge", {"other": str(twin.pk), "confirm": twin.code}, pk=cleo.pk).status_code == 404
    with acting(user), pytest.raises(Refused, match="counsels both"):
        actions.merge(twin, cleo, by=user)
    assert refused(user, INSERT, twin.pk, cleo.pk, user.pk)


INSERT = "INSERT INTO clients_merge (duplicate_id, kept_id, merged_by_id, merged_at) VALUES (%s, %s, %s, now())"


def test_attack_11_who_is_denied_one_row_is_denied_the_other(
    ana: User, ada: User, sofia: User, nora: User, cleo: Client, twin: Client, twins_note: Note, ask: Ask
) -> None:
    with acting(ana):
        for person in (sofia, nora):
            actions.deny(cleo, person, by=ana, reason="Her sister-in-law.")
    assert ask(sofia, "note_detail", pk=twins_note.pk).status_code == 200
    page = text_of(ask(ana, "client_merge", {"other": str(twin.pk)}, pk=cleo.pk))
    assert "on the deny list of one" in page.split("Sofia Lindqvist")[1].split("</tr>")[0]
    with acting(ana):
        actions.merge(twin, cleo, by=ana)
    for page_name in ("client_detail", "session_list", "client_contacts", "client_team"):
        assert ask(sofia, page_name, pk=twin.pk).status_code == 404
    assert ask(sofia, "note_detail", pk=twins_note.pk).status_code == 404
    assert twin.code not in text_of(ask(sofia, "client_list"))
    assert rows(sofia, "SELECT count(*) FROM records_note WHERE client_id = %s", twin.pk) == [(0,)]
    assert twin.code not in text_of(ask(nora, "client_codes"))
    assert twin.code not in text_of(ask(nora, "trail"))
    assert twin.code in text_of(ask(ada, "trail"))
    assert "Sofia" not in text_of(ask(ana, "client_assign", pk=twin.pk)).split("<form")[-1]


def test_attack_11_undoing_a_merge_does_not_get_around_a_denial_made_since(
    ana: User, sofia: User, cleo: Client, merged: Client, ask: Ask
) -> None:
    with acting(ana):
        actions.deny(cleo, sofia, by=ana, reason="Her sister-in-law.")
    assert ask(sofia, "client_detail", pk=merged.pk).status_code == 404
    answer = ask(ana, "merge_undo", {"confirm": merged.code}, pk=cleo.pk, duplicate=merged.pk)
    assert answer.status_code == 422
    assert "other deny list as well" in text_of(answer)
    assert rows(ana, "DELETE FROM clients_merge") == 0
    with acting(ana):
        actions.deny(merged, sofia, by=ana, reason="Her sister-in-law.")
    assert ask(ana, "merge_undo", {"confirm": merged.code}, pk=cleo.pk, duplicate=merged.pk).status_code == 302
    assert ask(sofia, "client_detail", pk=merged.pk).status_code == 404


def test_attack_11_a_couple_is_closed_to_who_is_denied_a_member_under_another_code(
    ana: User, sofia: User, couple: Client, cleo: Client, twin: Client, ask: Ask
) -> None:
    assert ask(sofia, "client_detail", pk=couple.pk).status_code == 200
    with acting(ana):
        actions.deny(twin, sofia, by=ana, reason="Her sister-in-law.")
        actions.merge(twin, cleo, by=ana)
    assert ask(sofia, "client_detail", pk=couple.pk).status_code == 404


def test_se_12_a_merge_leaves_an_admin_to_review_the_record(ana: User, ada: User, nora: User, cleo: Client, twin: Client) -> None:
    with acting(ana):
        actions.deny(cleo, ada, by=ana, reason="A neighbour.")
        actions.deny(twin, nora, by=ana, reason="A cousin.")
    with acting(ana), pytest.raises(Refused, match="nobody would be left"):
        actions.merge(twin, cleo, by=ana)


def test_se_12_the_last_admin_is_not_denied_a_row_of_a_person_whose_other_row_the_rest_are_denied(
    ana: User, ada: User, nora: User, cleo: Client, merged: Client
) -> None:
    with acting(ana):
        actions.deny(cleo, ada, by=ana, reason="A neighbour.")
    with acting(ana), pytest.raises(Refused, match="Nobody would be left"):
        actions.deny(merged, nora, by=ana, reason="A cousin.")


# --- what the database says ----------------------------------------------------------------------------------------------


def test_chains_circles_and_couples_are_refused_in_words_and_by_the_database(
    ana: User, cleo: Client, mia: Client, merged: Client, couple: Client
) -> None:
    for duplicate, kept in ((cleo, mia), (mia, merged), (cleo, merged), (merged, mia), (couple, cleo), (cleo, cleo)):
        with acting(ana), pytest.raises(Refused):
            actions.merge(duplicate, kept, by=ana)
        assert refused(ana, INSERT, duplicate.pk, kept.pk, ana.pk)
    with acting(ana):
        actions.merge(mia, cleo, by=ana)
        assert set(Merge.objects.values_list("duplicate", "kept")) == {(merged.pk, cleo.pk), (mia.pk, cleo.pk)}


def test_nobody_signs_a_merge_for_another_changes_one_or_takes_back_what_they_do_not_counsel(
    ana: User, ben: User, sofia: User, ada: User, dee: User, cleo: Client, merged: Client, mia: Client
) -> None:
    assert refused(ana, INSERT, mia.pk, cleo.pk, sofia.pk)
    assert refused(ana, "UPDATE clients_merge SET kept_id = %s", mia.pk)
    only(ben, merged, by=ana)
    for user in (ben, sofia, ada, dee):
        assert rows(user, "DELETE FROM clients_merge") == 0


def test_se_2_an_emergency_opens_every_row_of_the_person_and_one_review_counts_for_all(
    ana: User, ben: User, ada: User, cleo: Client, twins_note: Note, merged: Client, ask: Ask
) -> None:
    assert ask(ben, "note_detail", pk=twins_note.pk).status_code == 404
    sends = {"who": merged.code, "reason": "Her sister called about the copper staircase.", "minutes": "60"}
    assert ask(ben, "emergency_open", sends)["Location"] == f"/clients/{cleo.pk}/"
    assert merged.code in text_of(ask(ben, "client_detail", pk=cleo.pk))
    assert WORDS in text_of(ask(ben, "note_detail", pk=twins_note.pk))
    with acting(ben):
        row = own_emergencies(ben).get(client=cleo.pk)
        with pytest.raises(Refused, match="open to you already"):
            actions.open_in_emergency(Practice.objects.get(), by=ben, sought=cleo.code, reason=sends["reason"], minutes=5)
    assert ask(ben, "emergency_end", {}, pk=row.pk).status_code == 302
    assert ask(ben, "note_detail", pk=twins_note.pk).status_code == 404
    page = text_of(ask(ada, "emergency_review", pk=row.pk))
    assert cleo.code in page
    assert merged.code in page
    assert ask(ada, "emergency_review", {"findings": "It was right.", "upheld": "yes"}, pk=row.pk).status_code == 302
    with acting(ada):
        assert {review.client_id for review in GlassReview.objects.all()} == {cleo.pk, merged.pk}
        assert {review.findings for review in GlassReview.objects.all()} == {"It was right."}
