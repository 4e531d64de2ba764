"""The record as FHIR R4: each resource is one by the published model, and nothing in it that the record does not say."""

from __future__ import annotations

import base64
import datetime
from collections import Counter
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

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

WANTED = {"Patient", "RelatedPerson", "Practitioner", "CareTeam", "Encounter", "DocumentReference", "Consent", "AuditEvent", "Provenance"}


def resources(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    """Every resource of ``bundle``, each held against its model; raises where one does not fit."""
    get_fhir_model_class("Bundle").model_validate(bundle)
    found = [entry["resource"] for entry in bundle["entry"]]
    for each in found:
        get_fhir_model_class(each["resourceType"]).model_validate(each)
    return found


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
    found = resources(bundle)
    assert set(Counter(each["resourceType"] for each in found)) == WANTED
    note = next(each for each in found if each["id"] == str(signed.pk))
    assert base64.b64decode(note["content"][0]["attachment"]["data"]).decode() == SECRET
    assert PRIVATE not in str(bundle)
    known = {entry["fullUrl"] for entry in bundle["entry"]}
    assert {ref for ref in _references(bundle) if ref not in known} == set()


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return own + [ref for inner in value.values() for ref in _references(inner)]
    return [ref for inner in value for ref in _references(inner)] if isinstance(value, list) else []


def test_a_record_with_nothing_in_it_fits_as_well(ana: User, bens_client: Client, ben: User) -> None:
    with acting(ben):
        values, _ = record_of(bens_client, ben)
    assert [each["resourceType"] for each in resources(fhir.bundle(values, [], fhir.now(clock.now())))] == ["Patient"]


def test_the_check_sees_a_resource_that_does_not_fit() -> None:
    with pytest.raises(ValueError, match="birthDate"):
        get_fhir_model_class("Patient").model_validate({"resourceType": "Patient", "birthDate": "not a day"})


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
