"""The record as FHIR R4: each resource is one by the published model, and nothing in it that the record does not say."""

from __future__ import annotations

import base64
import datetime
from typing import Any

from hypothesis import given, settings

from audit import clock
from clients import actions as clients
from clients.models import Client, Representative
from moving import fhir, packing
from moving.record import record_of
from practice.models import User
from records import actions as records
from records.models import Note
from tests.cast import PRIVATE, SECRET, acting, write_note
from tests.consent.papers import asked, form_in_force, signed_by
from tests.records.uploads import keep

from .bundles import data, opened
from .invented import LINES, RECORDS
from .resources import WANTED, faults, kinds, resources


def test_every_kind_of_resource_is_there_and_fits_its_model(
    ana: User, cleo: Client, portal_cleo: User, signed: Note, psychotherapy: Note
) -> None:
    keep(ana, cleo)
    signed_by(portal_cleo, asked(cleo, ana, form_in_force(title="Consent to counseling")))
    with acting(ana):
        since = datetime.datetime(2024, 5, 1, tzinfo=datetime.UTC)
        clients.add_representative(cleo, by=ana, relation=Representative.Relation.OTHER, name="Ida Marchetti", since=since)
        clients.change_person(cleo, by=ana, born_on=datetime.date(1990, 3, 31))
        records.add_addendum(signed, "She meant Tuesday.", by=ana)
        bundle = data(opened(packing.part_of(cleo, ana)), "fhir.json")
    assert faults(bundle) == []
    assert set(kinds(bundle)) == WANTED
    note = next(each for each in resources(bundle) if each["id"] == str(signed.pk))
    assert base64.b64decode(note["content"][0]["attachment"]["data"]).decode() == SECRET
    assert PRIVATE not in str(bundle)


def test_a_record_with_nothing_in_it_fits_as_well(ana: User, bens_client: Client, ben: User) -> None:
    with acting(ben):
        values, _ = record_of(bens_client, ben)
    bundle = fhir.bundle(values, [], fhir.now(clock.now()))
    assert faults(bundle) == []
    assert set(kinds(bundle)) == {"Patient"}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(record=RECORDS, told=LINES)
def test_whatever_a_record_holds_every_resource_fits_its_model(record: dict[str, Any], told: list[dict[str, Any]]) -> None:
    assert faults(fhir.bundle(record, told, "2026-11-23T12:00:00+00:00")) == []


def test_the_check_sees_what_does_not_fit() -> None:
    patient = {"resourceType": "Patient", "id": "7", "birthDate": "1990-03-31"}
    whole = {"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:7", "resource": patient}]}
    broken = ({"birthDate": "not a day"}, {"gender": ""}, {"managingOrganization": {"reference": "urn:uuid:8", "type": "Organization"}})
    assert faults(whole) == []
    for more in broken:
        assert faults(whole | {"entry": [{"fullUrl": "urn:uuid:7", "resource": patient | more}]})
    assert faults(whole | {"entry": whole["entry"] * 2})


def test_rec_1_and_rep_6_no_event_tells_of_what_is_an_authors_alone_or_was_reported(
    ana: User, sofia: User, cleo: Client, signed: Note
) -> None:
    private = write_note(ana, cleo, kind="psychotherapy", signed=False, text=PRIVATE)
    with acting(sofia):
        bundle = data(opened(packing.part_of(cleo, sofia)), "fhir.json")
        kept = data(opened(packing.part_of(cleo, sofia, told=False)), "fhir.json")
    told = [each for each in resources(bundle) if each["resourceType"] == "AuditEvent"]
    assert told
    assert "psychotherapy" not in str(told)
    assert str(private.pk) not in str(told)
    assert not [each for each in resources(kept) if each["resourceType"] == "AuditEvent"]
