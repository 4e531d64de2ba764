"""Every record of the demo practice, and thousands that nobody kept, as FHIR R4: each resource held against the published model, each
reference against what is in its bundle. None may be wrong.

Control: one resource of each kind, broken once each, must be found.
"""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections import Counter
from typing import Any

from hypothesis import given, seed, settings

from audit import clock
from moving import fhir
from tests.moving.invented import LINES, RECORDS
from tests.moving.resources import WANTED, faults, kinds, resources

from .load import SEED
from .proof_moving import bundle_of_the_demo

Values = dict[str, Any]
EXAMPLES = 2_000
# What no resource of its kind may say.
WRONG: dict[str, Values] = {
    "Patient": {"birthDate": "the ides of March"}, "RelatedPerson": {"patient": {"reference": "urn:uuid:nobody", "type": "Patient"}},
    "Practitioner": {"name": "Ana"}, "CareTeam": {"participant": []}, "Encounter": {"status": ""}, "DocumentReference": {"content": []},
    "Consent": {"dateTime": "yesterday"}, "AuditEvent": {"recorded": "2026-13-01T00:00:00Z"}, "Provenance": {"agent": "somebody"},
}  # fmt: skip


def exported(bundle: bytes) -> tuple[list[Values], int]:
    """fhir.json of each record in the bundle that the worker made, and how many were left out of it."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as files:
        said = json.loads(files.read("practice.json"))
        return [json.loads(files.read(name)) for name in files.namelist() if name.endswith("/fhir.json")], len(said["left_out"])


def test_every_record_is_fhir_and_what_is_broken_is_found(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> None:
    began = time.monotonic()
    bundles, left_out = exported(bundle_of_the_demo(django_db_blocker, worker_id))
    counted = sum((kinds(bundle) for bundle in bundles), Counter[str]())
    wrong = [fault for bundle in bundles for fault in faults(bundle)]
    print(f"\n{len(bundles)} records of the demo ({left_out} left out): {sum(counted.values())} resources, {dict(counted)}")
    print(f"not as R4 says: {len(wrong)}; in {time.monotonic() - began:.0f} s")
    print("".join(f"  {fault}\n" for fault in wrong[:20]))
    missed = _missed(bundles)
    print(f"control: one of each kind broken: {len(WRONG) - len(missed)} of {len(WRONG)} found; missed: {missed}")
    assert wrong == []
    assert set(counted) == WANTED
    assert missed == []


def _missed(bundles: list[Values]) -> list[str]:
    missed = []
    for kind, more in WRONG.items():
        bundle = json.loads(json.dumps(next(bundle for bundle in bundles if kinds(bundle)[kind])))
        next(each for each in resources(bundle) if each["resourceType"] == kind).update(more)
        missed += [] if faults(bundle) else [kind]
    return missed


def test_whatever_a_record_holds_it_is_fhir() -> None:
    made: list[Counter[str]] = []

    @seed(SEED)
    @settings(max_examples=EXAMPLES, deadline=None, database=None)
    @given(record=RECORDS, told=LINES)
    def fits(record: Values, told: list[Values]) -> None:
        bundle = fhir.bundle(record, told, fhir.now(clock.now()))
        assert faults(bundle) == []
        made.append(kinds(bundle))

    fits()
    counted = sum(made, Counter[str]())
    print(f"\n{len(made)} invented records: {sum(counted.values())} resources, none wrong; {dict(counted)}")
    assert len(made) >= EXAMPLES
    assert set(counted) == WANTED
