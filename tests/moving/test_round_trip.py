"""A bundle is brought in again: everything arrives, what was signed as signed elsewhere, and a second bundle says the same."""

from __future__ import annotations

import datetime
import json
from uuid import uuid4

import pytest

from audit import clock
from clients import actions as clients
from clients.access import counseled_clients
from clients.models import Client, Representative
from consent.models import Request
from disclosures import actions as disclosures
from moving import packing
from moving.models import MoveIn
from moving.record import record_of
from paper import actions as paper
from practice.models import User
from records import actions as records
from records.access import nameable_goals, readable_notes
from records.models import Note
from tests.cast import PRIVATE, SECRET, acting, write_note
from tests.consent.papers import asked, form_in_force, signed_by
from tests.records.uploads import keep

from .bundles import data, opened
from .roundtrip import differences
from .test_move_in import brought, faults


def furnished(ana: User, cleo: Client) -> None:
    """One of everything that goes along."""
    keep(ana, cleo)
    write_note(ana, cleo, kind="plan", signed=True, text="To cross the viaduct.")
    with acting(ana):
        since = datetime.datetime(2024, 5, 1, tzinfo=datetime.UTC)
        clients.add_representative(cleo, by=ana, relation=Representative.Relation.OTHER, name="Ida Marchetti", since=since)
        said = {"agency": "The board", "authority": "Its letter of May"}
        entry = disclosures.Entry(datetime.date(2024, 6, 1), "oversight", "The board", "Dates", "An audit", details=said)
        disclosures.record(cleo, entry, by=ana)
        with_paper(cleo, ana)
        record = readable_notes(ana).filter(kind="progress")[0]
        records.add_addendum(record, "She meant Tuesday.", by=ana)


def with_paper(client: Client, by: User) -> None:
    """A file of paper in a cabinet."""
    cabinet = paper.add_cabinet("Oak", "Room 2", paper.add_lock("Brass", by=by), by=by)
    paper.add_file(client, cabinet, by=by)


def packed(by: User, client: Client, *, private: bool = False) -> bytes:
    with acting(by):
        part = packing.part_of(client, by, private=private)
    return b"".join(packing.sent(iter([(1, part, False)])))


def test_a_bundle_that_is_brought_in_and_made_again_says_the_same(ana: User, ben: User, cleo: Client, signed: Note) -> None:
    furnished(ana, cleo)
    first = opened(packed(ana, cleo))
    row = brought(ben, "bundle", packed(ana, cleo))
    assert (row.made, row.wrong) == (1, 0)
    with acting(ben):
        (arrived,) = counseled_clients(ben)
        second, files = record_of(arrived, ben)
    before = data(first, "clients/00001/record.json")
    after = json.loads(packing.written({key: value for key, value in second.items() if key != "apart"}))
    assert differences(before, after) == []
    assert arrived.pk != cleo.pk
    assert files
    changed = json.loads(json.dumps(before))
    changed["notes"][0]["content"] = {"text": "another word"}
    assert differences(before, changed)  # the comparison sees a difference


def test_goals_of_a_plan_can_be_named_again_and_notes_name_them_still(ana: User, ben: User, cleo: Client) -> None:
    write_note(ana, cleo, kind="plan", signed=True, text="- Sleep through the night\n- Cross the viaduct")
    with acting(ana):
        crossing = nameable_goals(ana, cleo).get(position=1)
        note = records.begin_note(cleo, by=ana, kind="progress")
        note = records.save_note(note, {"presenting": SECRET}, by=ana, version=note.version, key=uuid4(), goals=[crossing])
        records.sign_note(note, by=ana, shown=records.shown_hash(note).hex())
    row = brought(ben, "bundle", packed(ana, cleo))
    assert (row.made, row.wrong) == (1, 0)
    with acting(ben):
        (arrived,) = counseled_clients(ben)
        assert [goal.text for goal in nameable_goals(ben, arrived)] == ["Sleep through the night", "Cross the viaduct"]
        named = readable_notes(ben).get(kind="progress").goal_links.get()
        assert named.goal.text == crossing.text
        assert named.goal.client_id == arrived.pk


def test_what_was_signed_there_arrives_as_signed_elsewhere_with_its_evidence(ana: User, ben: User, cleo: Client, signed: Note) -> None:
    furnished(ana, cleo)
    brought(ben, "bundle", packed(ana, cleo))
    with acting(ben):
        note = next(each for each in readable_notes(ben) if each.content.get("presenting") == SECRET)
        evidence = json.loads(note.content["elsewhere"])
    assert note.pk != signed.pk
    assert note.signed_by_id == ben.pk
    assert note.signed_at
    assert note.signed_at <= clock.now()
    assert (evidence["signature"]["by"]["name"], evidence["signature"]["fingerprint"]) == (
        "Ana Reyes",
        bytes(signed.signed_hash or b"").hex(),
    )
    assert "Addendum of Ana Reyes, LPC-A" in note.content["earlier"]


def test_a_consent_arrives_as_the_paper_it_was_and_opens_nothing_here(ana: User, ben: User, cleo: Client, portal_cleo: User) -> None:
    signed_by(portal_cleo, asked(cleo, ana, form_in_force(title="Consent to counseling")))
    bundle = packed(ana, cleo)
    row = brought(ben, "bundle", bundle)
    assert faults(ben, row) == {}
    with acting(ben):
        (arrived,) = counseled_clients(ben)
        values, files = record_of(arrived, ben)
        assert not Request.objects.filter(client=arrived.pk).exists()
    (paper,) = values["consents"]
    assert paper["signed_by"] == "Cleo Marchetti"
    assert files[paper["file"]] == opened(bundle)["clients/00001/consents/0001.pdf"]  # to the byte: its certificate still holds


def test_rec_3_psychotherapy_notes_arrive_with_their_own_author_and_with_nobody_else(
    ana: User, ben: User, cleo: Client, psychotherapy: Note
) -> None:
    bundle = packed(ana, cleo, private=True)
    brought(ben, "bundle", bundle)
    with acting(ben):
        assert not readable_notes(ben).filter(kind="psychotherapy").exists()
    brought(ana, "bundle", bundle)
    with acting(ana):
        arrived = readable_notes(ana).filter(kind="psychotherapy").exclude(pk=psychotherapy.pk)
        assert [note.content["reflections"] for note in arrived] == [PRIVATE]


@pytest.mark.parametrize("change", ["another word", "a file less", "a file more"])
def test_a_bundle_that_somebody_changed_is_not_brought_in(ana: User, ben: User, cleo: Client, signed: Note, change: str) -> None:
    keep(ana, cleo)
    files = opened(packed(ana, cleo))
    if change == "another word":
        files["clients/00001/record.json"] = files["clients/00001/record.json"].replace(b"Marchetti", b"Marchetta")
    elif change == "a file less":
        del files[next(name for name in files if "/documents/" in name)]
    else:
        files["clients/00001/apart/psychotherapy-notes.json"] = b"[]"
    row = brought(ben, "bundle", packing.zipped(files))
    assert (row.made, row.wrong) == (0, 1)
    assert "not as the manifest says" in faults(ben, row)[1]
    with acting(ben):
        assert not counseled_clients(ben).exists()


def test_a_bundle_twice_makes_nothing_twice_and_a_broken_one_is_said(ana: User, ben: User, cleo: Client, signed: Note) -> None:
    bundle = packed(ana, cleo)
    brought(ben, "bundle", bundle)
    again = brought(ben, "bundle", bundle)
    assert (again.made, again.known) == (0, 1)
    with acting(ben):
        assert counseled_clients(ben).count() == 1
    broken = packing.zipped({"clients/00001/record.json": b'{"format": "sub-rosa-record/1", "client": {"id": "7"}}'})
    row = brought(ben, "bundle", broken)
    assert (row.state, row.wrong) == (MoveIn.State.DONE, 1)
