"""Bringing records in: any usual file, wrong rows kept to be mended, nothing twice, and nothing that the same person could not type in."""

from __future__ import annotations

import datetime
import io
import stat
import zipfile
from contextlib import suppress
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from clients.access import contact_clients, counseled_clients
from clients.models import Client, ContactPoint
from moving import access, actions, archives, charts, reading
from moving.actions import bringing
from moving.columns import COLUMNS, guessed, systems
from moving.models import Arrival, MoveIn, MoveInFault, MoveInPiece
from practice.models import User
from practice.refusals import Refused
from records.access import amendable_notes, editable_notes, readable_documents, readable_notes, readable_sessions, unnoted_sessions
from records.actions import signature_holds
from records.models import Note
from tests.cast import acting
from tests.clients.conftest import Ask
from tests.records.uploads import paper

HEAD = "Client ID,First Name,Last Name,DOB,Email,Status\n"
ROWS = "17,Nadia,Quince,3/31/1990,nadia@mail.test,Active\n18,Otis,Plum,1/2/1985,,Inactive\n"


def brought(by: User, kind: str, raw: str | bytes, system: str = "other", dates: str = "us", **more: Any) -> MoveIn:
    """A file of ``by``, with the columns as they are guessed, brought in to its end."""
    with acting(by):
        row = actions.begin(kind, system, "export.csv", raw.encode() if isinstance(raw, str) else raw, by=by, **more)
        if row.state == MoveIn.State.MAPPING:
            actions.choose(row, guessed(kind, system, row.about["heads"]), dates, by=by)
        while not row.is_over:
            actions.go_on(row, by=by)
    return row


def counts(row: MoveIn) -> tuple[int, int, int]:
    return row.made, row.known, row.wrong


def faults(by: User, row: MoveIn) -> dict[int, str]:
    with acting(by):
        return {each.number: each.words for each in row.faults.all()}


def names(by: User) -> set[str]:
    with acting(by):
        return {client.legal_name for client in counseled_clients(by)}


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + ROWS,
        "\ufeff" + HEAD + ROWS,
        (HEAD + ROWS).replace(",", ";"),
        (HEAD + ROWS).replace("Quince", "Quíncé").encode("cp1252"),
        (HEAD + ROWS).encode("utf-16"),
    ],
    ids=["plain", "bom", "semicolons", "windows", "utf-16"],
)
def test_a_list_of_clients_comes_in_however_it_is_written(ana: User, raw: str | bytes) -> None:
    assert counts(brought(ana, "clients", raw)) == (2, 0, 0)
    assert {name[:7] for name in names(ana)} == {"Nadia Q", "Otis Pl"}
    with acting(ana):
        nadia = next(client for client in counseled_clients(ana) if client.given_name == "Nadia")
        assert (nadia.born_on, nadia.status) == (datetime.date(1990, 3, 31), "active")
        (mail,) = ContactPoint.objects.filter(client=nadia)
        assert (mail.address, mail.may_contact) == ("nadia@mail.test", False)  # permission is asked, never assumed


def test_the_same_file_twice_makes_nothing_twice(ana: User) -> None:
    brought(ana, "clients", HEAD + ROWS)
    assert counts(brought(ana, "clients", HEAD + ROWS)) == (0, 2, 0)
    assert len(names(ana)) == 2
    with acting(ana):
        row = Arrival.objects.all()[0]
        again = Arrival(brought_by=ana, client_id=row.client_id, token=row.token, what="client", what_id=row.what_id)
        with transaction.atomic(), pytest.raises(DatabaseError):
            again.save(force_insert=True)


def test_wrong_rows_are_kept_with_why_and_the_others_come_in(ana: User, ask: Ask) -> None:
    wrong = (
        "19,,Only,1/1/1990,,\n20,Ned,Late,31/31/1990,,\n21,Nul\0,Byte,1/1/1990,,\n22,Huge,%s,1/1/1990,,\n23,Two,Many,1/1/1990,,Active,x\n"
    )
    row = brought(ana, "clients", HEAD + ROWS + wrong % ("x" * 300_000) + "24,=1+1,'@sum,1/1/1990,,\n")
    assert counts(row) == (3, 0, 5)
    found = faults(ana, row)
    assert [number for number, words in found.items() if words] == [3, 4, 5, 6, 7]
    assert ("no day" in found[4], "NUL" in found[5], "longer" in found[6], "more cells" in found[7]) == (True, True, True, True)
    assert "=1+1 @sum" in names(ana)  # text, and no formula
    response = ask(ana, "move_in_faults", pk=row.pk)
    text = response.content.decode("utf-8-sig")
    assert text.splitlines()[0] == "Client ID,First Name,Last Name,DOB,Email,Status,what is wrong,row"
    assert "20,Ned,Late,31/31/1990" in text


def test_mended_rows_of_the_download_come_in_and_nothing_else_does_again(ana: User, ask: Ask) -> None:
    row = brought(ana, "clients", HEAD + ROWS + "19,Ned,Late,31/31/1990,,\n")
    text = ask(ana, "move_in_faults", pk=row.pk).content.decode("utf-8-sig").replace("31/31/1990", "12/31/1990")
    assert counts(brought(ana, "clients", text)) == (1, 0, 0)
    assert len(names(ana)) == 3


def test_a_try_says_what_would_be_wrong_and_brings_in_nothing(ana: User) -> None:
    with acting(ana):
        row = actions.begin("clients", "other", "a.csv", (HEAD + ROWS + "19,,Only,,,\n").encode(), by=ana)
        actions.choose(row, guessed("clients", "other", row.about["heads"]), "us", by=ana)
        assert [number for number, _ in actions.tried(row, by=ana)] == [3]
        assert not counseled_clients(ana).exists()
        assert row.done == 0


def test_stopped_in_the_middle_it_goes_on_where_it_was(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bringing, "STEP", 2)
    many = "".join(f"{number},Given{number},Family,,,\n" for number in range(5))
    with acting(ana):
        row = actions.begin("clients", "other", "a.csv", (HEAD + many).encode(), by=ana)
        actions.choose(row, guessed("clients", "other", row.about["heads"]), "us", by=ana)
    with acting(ana):
        actions.go_on(row, by=ana)
    with suppress(RuntimeError), acting(ana):  # the process dies in the second step
        actions.go_on(MoveIn.objects.get(pk=row.pk), by=ana)
        raise RuntimeError
    with acting(ana):
        row = MoveIn.objects.get(pk=row.pk)
        assert (row.done, counseled_clients(ana).count()) == (2, 2)
        while not row.is_over:
            actions.go_on(row, by=ana)
    assert (counts(row), len(names(ana))) == ((5, 0, 0), 5)


SESSIONS = (
    'Appointment ID,Client ID,Start,Duration,Clinician,Status\na1,17,3/4/2024 14:00,50,"Ida Vale, LPC",Attended\na2,99,3/4/2024,50,,\n'
)
NOTES = (
    "Note ID,Client ID,Appointment ID,Date,Author,Signed by,Signed on,Note\n"
    'n1,17,a1,3/4/2024,"Ida Vale, LPC","Ida Vale, LPC",3/5/2024,"She spoke of the zinc ferry."\nn2,18,,3/9/2024,,,,""\n'
)


def test_rec_5_notes_come_in_locked_as_signed_elsewhere_and_nobody_edits_them(ana: User, ask: Ask) -> None:
    brought(ana, "clients", HEAD + ROWS)
    assert counts(brought(ana, "sessions", SESSIONS)) == (1, 0, 1)
    assert counts(brought(ana, "notes", NOTES)) == (1, 0, 1)
    with acting(ana):
        (note,) = readable_notes(ana)
        assert (note.content["text"], note.signed_by_id, signature_holds(note)) == ("She spoke of the zinc ferry.", ana.pk, True)
        assert "Signed there by Ida Vale, LPC on 2024-03-05" in note.content["earlier"]
        assert note.session
        assert note.session.elsewhere["counselor"]["name"] == "Ida Vale"
        assert not editable_notes(ana).exists()
        assert amendable_notes(ana).exists()  # what is wrong is said in an addendum
        assert not unnoted_sessions(ana).exists()
        with transaction.atomic(), pytest.raises(DatabaseError):
            Note.objects.filter(pk=note.pk).update(format="soap")
    page = ask(ana, "note_detail", pk=note.pk).content.decode()
    assert "signed elsewhere" in page
    assert "Where this comes from" in page
    assert "Signed by" not in page.partition("Brought in and locked by")[2].partition("</article>")[0].replace("Signed there by", "")


def test_notes_become_drafts_only_of_whoever_chose_so(ana: User) -> None:
    brought(ana, "clients", HEAD + ROWS)
    brought(ana, "notes", NOTES.replace("a1", ""), drafts=True)
    with acting(ana):
        assert [note.content["text"] for note in editable_notes(ana)] == ["She spoke of the zinc ferry."]


def test_rec_1_the_front_desk_brings_in_people_and_nothing_that_was_said(dee: User, ana: User) -> None:
    with acting(dee), pytest.raises(Refused) as refused:
        actions.begin("notes", "other", "a.csv", NOTES.encode(), by=dee)
    assert refused.value.rule == "REC-1"
    text = "Client ID,First Name,Last Name,Clinician\n17,Nadia,Quince,Ana Reyes\n18,Otis,Plum,\n"
    assert counts(brought(dee, "clients", text)) == (2, 0, 0)
    assert names(ana) == {"Nadia Quince"}
    with acting(dee):
        assert contact_clients(dee).count() == 2


def test_attack_01_a_row_that_names_a_colleagues_client_is_told_the_same_as_of_nobody(ana: User, ben: User) -> None:
    brought(ben, "clients", HEAD + ROWS)
    row = brought(ana, "sessions", SESSIONS)
    assert len({*faults(ana, row).values()}) == 1
    with acting(ben):
        assert not readable_sessions(ben).exists()


def test_attack_28_a_file_and_its_preview_are_its_bringers_alone(ana: User, ben: User, ada: User, ask: Ask) -> None:
    row = brought(ana, "clients", HEAD + ROWS + "19,,Only,,,\n")
    for other in (ben, ada):
        for page in ("move_in_detail", "move_in_columns", "move_in_faults"):
            assert ask(other, page, pk=row.pk).status_code == 404
        with acting(other):
            for table in (MoveIn, MoveInPiece, MoveInFault):
                assert not table.objects.exists()
    assert ask(ada, "move_in_new").status_code == 404


def zipped(files: dict[str, bytes], *links: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
        for name in links:
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
            made.writestr(entry, "/etc/passwd")
    return out.getvalue()


@pytest.mark.parametrize(
    "raw",
    [
        zipped({"../../17.pdf": b"x"}), zipped({"/etc/17.pdf": b"x"}), zipped({"C:\\17.pdf": b"x"}), zipped({"a/..\\..\\17.pdf": b"x"}),
        zipped({}, "17.pdf"), zipped({"17.pdf": b"\0" * 30_000_000}), b"PK\x03\x04 nothing", zipped({}),
        zipped({f"{number}.txt": b"" for number in range(archives.MOST_FILES + 1)}),
    ],
    ids=["dots", "absolute", "drive", "backslashes", "link", "bomb", "damaged", "empty", "many"],
)  # fmt: skip
def test_attack_69_and_72_a_zip_that_is_more_than_files_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused):
        archives.opened(io.BytesIO(raw))


def test_attack_69_charts_go_through_the_sieve_to_the_client_they_are_named_by(ana: User) -> None:
    brought(ana, "clients", HEAD + ROWS)
    files = {"17.pdf": paper(), "18/intake.pdf": paper(), "99.pdf": paper(), "17_evil.pdf": b"<html>not a pdf", "17_x.exe": b"MZ"}
    row = brought(ana, "charts", zipped(files))
    assert counts(row) == (2, 0, 3)
    assert counts(brought(ana, "charts", zipped(files)))[:2] == (0, 2)
    with acting(ana):
        assert sorted(row.title for row in readable_documents(ana)) == ["17", "intake"]


def test_charts_are_named_by_id_by_code_or_by_name_and_the_page_says_whose_each_is_before_it_goes_in(ana: User, ask: Ask) -> None:
    brought(ana, "clients", HEAD + ROWS + "19,Otis,Plum,1/2/1980,,\n")
    with acting(ana):
        nadia = next(client for client in counseled_clients(ana) if client.given_name == "Nadia")
    theirs = ("Quince, Nadia.pdf", "Nadia Quince intake 2024.pdf", "Quince_Nadia_plan.pdf", f"{nadia.code}_plan.pdf", "nadia quince/1.pdf")
    files = {name: paper() for name in (*theirs, "Otis Plum.pdf", "Plum.pdf", "nothing.pdf")}
    with acting(ana):
        row = actions.begin("charts", "other", "charts.zip", zipped(files), by=ana)
    page = ask(ana, "move_in_detail", pk=row.pk).content.decode()
    assert "5 of 8 files are named by a client of yours" in page
    assert "Several clients of yours are called as this file is" in page
    assert page.count(nadia.code) >= 5
    with acting(ana):
        whose = actions.matched(row, by=ana)
    assert {name: client if isinstance(client, str) else client.pk for name, client in whose.items()} == {
        **dict.fromkeys(theirs, nadia.pk), "Otis Plum.pdf": charts.SEVERAL, "Plum.pdf": charts.NOBODY, "nothing.pdf": charts.NOBODY,
    }  # fmt: skip


def test_nobody_elses_client_is_found_by_the_name_of_a_chart(ana: User, ben: User, cleo: Client) -> None:
    with acting(ben):
        row = actions.begin(
            "charts", "other", "charts.zip", zipped({"Cleopatra Marchetti.pdf": paper(), f"{cleo.code}.pdf": paper()}), by=ben
        )
        assert set(actions.matched(row, by=ben).values()) == {charts.NOBODY}


OPENEMR = (
    b"pid,fname,lname,DOB,phone_cell,email,street,language,preferred_name\n1001,Amira,Sundial,1984-03-12,555-0101,,1 Way,English,Amira\n"
)
KONOTE = (
    b'[{"id": 7, "first_name": "Wren", "last_name": "Sundial", "birth_date": "1990-03-31", "status": "active", "programs": [1]},'
    b' {"id": 8, "first_name": null, "last_name": "Sundial", "birth_date": "", "status": "active", "programs": []}]'
)


def test_the_tables_of_openemr_and_konote_come_in_by_the_headings_they_are_known_by(ana: User) -> None:
    assert counts(brought(ana, "clients", OPENEMR, system="openemr", dates="iso")) == (1, 0, 0)
    row = brought(ana, "clients", KONOTE.decode(), system="konote", dates="iso")
    assert counts(row) == (1, 0, 1)
    assert "nothing under" in faults(ana, row)[2]
    notes = '[{"id": 3, "client_file_id": 7, "created_at": "2024-05-01T10:00:00+00:00", "notes_text": "He slept."}]'
    assert counts(brought(ana, "notes", notes, system="konote", dates="iso")) == (1, 0, 0)


@pytest.mark.parametrize("raw", [b"[]", b"[1, 2]", b"{", b'{"a": [1]}', b"[" * 50_000, b'["\\u0000"]'])
def test_what_is_json_and_no_table_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused):
        reading.sheet(raw)


def test_a_file_is_sent_its_columns_chosen_and_it_is_brought_in_from_the_pages(ana: User, ask: Ask) -> None:
    sent = {"kind": "clients", "system": "other", "file": SimpleUploadedFile("people.csv", (HEAD + ROWS).encode())}
    response = ask(ana, "move_in_new", sent)
    with acting(ana):
        row = MoveIn.objects.get()
    assert response["Location"].endswith("/columns/")
    page = ask(ana, "move_in_columns", pk=row.pk).content.decode()
    assert ("Quince" in page, "These headings are guessed" in page) == (True, True)
    missing = ask(ana, "move_in_columns", {"dates": "us", "given_name": "First Name"}, pk=row.pk)
    assert missing.status_code == 422
    chosen = {"source": "Client ID", "given_name": "First Name", "family_name": "Last Name", "born_on": "DOB", "dates": "us"}
    assert ask(ana, "move_in_columns", chosen, pk=row.pk).status_code == 302
    assert "Every row fits" in ask(ana, "move_in_try", {}, pk=row.pk).content.decode()
    assert not names(ana)
    ask(ana, "move_in_go", {}, pk=row.pk)
    assert ask(ana, "move_in_go", {}, pk=row.pk).status_code == 302  # a page that was open elsewhere asks once more
    assert "2 brought in" in ask(ana, "move_in_detail", pk=row.pk).content.decode()


def test_a_file_with_a_column_without_heading_comes_in_and_a_try_says_how_many_rows_it_left_out(
    ana: User, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("moving.actions", "moving.actions.bringing"):
        monkeypatch.setattr(f"{module}.TRIED", 1)
    table = "Client ID,First Name,Last Name,DOB,\n17,Nadia,Quince,3/31/1990,a\n18,Omar,Quince,3/31/1990,b\n"
    ask(ana, "move_in_new", {"kind": "clients", "system": "other", "file": SimpleUploadedFile("people.csv", table.encode())})
    with acting(ana):
        row = MoveIn.objects.get()
    assert "no heading" in ask(ana, "move_in_columns", pk=row.pk).content.decode()
    chosen = {"source": "Client ID", "given_name": "First Name", "family_name": "Last Name", "born_on": "DOB", "dates": "us"}
    assert ask(ana, "move_in_columns", chosen, pk=row.pk).status_code == 302
    page = ask(ana, "move_in_try", {}, pk=row.pk).content.decode()
    assert ("1 of 2 rows tried" in page, "Not tried: 1." in page, "Every row fits" in page) == (True, True, False)


def test_what_is_known_of_other_systems_says_where_it_was_looked_up() -> None:
    for system in systems().values():
        assert system.source
        assert system.checked
        for kind, named in system.heads.items():
            assert set(named) <= {column.key for column in COLUMNS[kind]}
    assert [key for key, system in systems().items() if system.known] == ["subrosa", "openemr", "konote"]


@pytest.mark.parametrize(
    ("text", "order", "found"),
    [
        ("2024-03-31", "us", (3, 31)),
        ("3/4/2024", "us", (3, 4)),
        ("3/4/2024", "eu", (4, 3)),
        ("31.12.2024", "eu", (12, 31)),
        ("Mar 5, 2024", "us", (3, 5)),
    ],
)
def test_days_are_read_in_the_order_that_was_chosen(text: str, order: str, found: tuple[int, int]) -> None:
    day = reading.day(text, order)
    assert (day.month, day.day) == found


@pytest.mark.parametrize("text", ["31/31/2024", "tomorrow", "0001-01-01", "\u202e2024", "9" * 40])
def test_what_is_no_day_is_said_and_not_guessed(text: str) -> None:
    with pytest.raises(reading.Fault):
        reading.day(text, "us")


def test_arrivals_are_told_to_whoever_may_write_of_the_client(ana: User, ben: User, cleo: Client) -> None:
    brought(ana, "clients", HEAD + ROWS)
    with acting(ana):
        assert access.arrivals(ana).count() == 2
    with acting(ben):
        assert not Arrival.objects.exists()
