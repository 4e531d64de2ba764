"""What is in a bundle, and what never is: by the rules of each room, for whoever it is made for (REC-1, RG-2, REP-6)."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

from jsonschema import Draft202012Validator

from clients import actions as clients
from clients.models import Client, ContactPoint, Representative
from moving import packing, tables
from moving.record import record_of
from practice.models import User
from records import actions as records
from records.models import Note
from tests.cast import PRIVATE, SECRET, acting, write_note
from tests.records.uploads import PLANTED, keep

from .bundles import data, opened, table, unlike_the_manifest

SCHEMA = Draft202012Validator(json.loads((Path(packing.__file__).parent / "formats" / "record.schema.json").read_text()))


def test_a_record_is_whole_and_keeps_to_its_written_schema(ana: User, cleo: Client, signed: Note) -> None:
    document = keep(ana, cleo)
    with acting(ana):
        since = datetime.datetime(2024, 5, 1, tzinfo=datetime.UTC)
        clients.add_representative(cleo, by=ana, relation=Representative.Relation.OTHER, name="Ida Marchetti", since=since)
        records.add_addendum(signed, "She meant Tuesday.", by=ana)
        values, files = record_of(cleo, ana)
    assert list(SCHEMA.iter_errors({key: each for key, each in values.items() if key != "apart"})) == []
    (note,) = values["notes"]
    assert note["content"]["presenting"] == SECRET
    assert (note["signature"]["by"]["name"], note["signature"]["holds"]) == ("Ana Reyes", True)
    assert [one["text"] for one in note["addenda"]] == ["She meant Tuesday."]
    assert {point["address"] for point in values["contact_points"]} == {"503 555 0142", "cleo.marchetti@mail.test"}
    assert [(one["id"], files[one["file"]]) for one in values["documents"]] == [
        (str(document.pk), f"Dear colleague, she spoke of {PLANTED}.\n".encode())
    ]


def test_attack_53_drafts_and_psychotherapy_notes_stay_out_and_ones_own_lie_apart_if_chosen(
    ana: User, cleo: Client, signed: Note, psychotherapy: Note
) -> None:
    write_note(ana, cleo, text="A half thought about the copper gate.")
    keep(ana, cleo, note=write_note(ana, cleo, text="draft"), title="Hung on a draft")
    with acting(ana):
        plain, apart = packing.part_of(cleo, ana), packing.part_of(cleo, ana, private=True)
    assert PRIVATE.encode() not in b"".join(opened(plain).values())
    assert b"copper gate" not in b"".join(opened(apart).values())
    assert "Hung on a draft" not in opened(plain)["record.json"].decode()
    notes = data(opened(apart), "apart/psychotherapy-notes.json")["notes"]
    assert [note["content"]["reflections"] for note in notes] == [PRIVATE]
    assert PRIVATE.encode() not in opened(apart)["record.json"] + opened(apart)["tables/notes.csv"]


def test_attack_53_nobody_elses_psychotherapy_notes_go_along(ana: User, sofia: User, cleo: Client, psychotherapy: Note) -> None:
    with acting(sofia):
        assert record_of(cleo, sofia, private=True)[0]["apart"] == []


def test_attack_75_a_cell_that_begins_a_formula_is_made_harmless(ana: User, cleo: Client) -> None:
    with acting(ana):
        clients.change_person(cleo, by=ana, family_name="=HYPERLINK(1)")
        clients.add_contact_point(cleo, by=ana, kind=ContactPoint.Kind.PHONE, address="+1 503 555 0100", label="@home")
        values, _ = record_of(cleo, ana)
    files = {f"csv/{name}.csv": tables.head(name) + tables.lines(rows) for name, rows in tables.rows_of(values).items()}
    assert table(files, "clients")[0]["family_name"] == "'=HYPERLINK(1)"
    assert ("'+1 503 555 0100", "'@home") in {(row["address"], row["label"]) for row in table(files, "contacts")}


def test_attack_72_no_path_holds_a_word_of_anybody_and_every_file_is_in_the_manifest(ana: User, cleo: Client, signed: Note) -> None:
    keep(ana, cleo, name="../../Marchetti.txt", title="Marchetti")
    with acting(ana):
        content = packing.part_of(cleo, ana)
    bundle = opened(b"".join(packing.sent(iter([(1, content, False)]))))
    assert "Marchetti" not in " ".join(bundle)
    assert unlike_the_manifest(bundle) == []
    assert {"clients/00001/record.json", "clients/00001/chart.pdf", "clients/00001/documents/0001.txt", "csv/notes.csv"} <= bundle.keys()
    bundle["clients/00001/record.json"] += b" "
    assert unlike_the_manifest(bundle) == ["clients/00001/record.json"]
