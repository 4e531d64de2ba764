"""The record once more as a FHIR R4 bundle, for systems that read that: what of it R4 has a place for, and no more.

Plain values: the tests hold each resource against the published model (fhir.resources, R4B, whose resources used here are those of R4).
"""

from __future__ import annotations

import base64
import datetime
from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Values = dict[str, Any]
_HL7 = "http://terminology.hl7.org/CodeSystem"
_TEXT = "text/plain; charset=utf-8"
_ENCOUNTER = {"planned": "planned", "attended": "finished", "cancelled": "cancelled", "late": "cancelled", "absent": "cancelled"}
_CLASS = {"in_person": ("AMB", "ambulatory"), "video": ("VR", "virtual"), "phone": ("VR", "virtual")}
_NOTES = {  # LOINC
    "progress": ("11506-3", "Progress note"), "intake": ("34117-2", "History and physical note"), "plan": ("18776-5", "Plan of care note"),
    "contact": ("34109-9", "Note"), "crisis": ("34109-9", "Note"), "termination": ("18842-5", "Discharge summary"),
}  # fmt: skip
_CONSENT = {
    "active": "active",
    "expiring": "active",
    "expired": "inactive",
    "revoked": "inactive",
    "declined": "rejected",
    "superseded": "inactive",
}


def bundle(record: Values, told: list[Values], made_at: str) -> Values:
    """The collection of ``record`` (record.schema.json); ``told`` are lines of the trail about it."""
    resources = [*_people(record), *_sessions(record), *_notes(record), *_documents(record), *_consents(record), *_events(record, told)]
    entries = [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in resources]
    return {"resourceType": "Bundle", "type": "collection", "timestamp": made_at, "entry": entries}


def _ref(ident: str, kind: str) -> Values:
    return {"reference": f"urn:uuid:{ident}", "type": kind}


def _patient(record: Values) -> Values:
    return _ref(record["client"]["id"], "Patient")


def _person_id(person: Values) -> str:
    """An id that is the same for the same person in one bundle, and tells nothing."""
    return str(uuid5(NAMESPACE_URL, f"{person['name']}|{person['credentials']}"))


def _practitioner(person: Values) -> Values:
    return _ref(_person_id(person), "Practitioner") | {"display": person["name"]}


def _code(system: str, code: str, display: str) -> Values:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def _present(values: Values) -> Values:
    """FHIR knows no empty values: what says nothing is not there."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


# --- people ---------------------------------------------------------------------------------------------------------------


def _people(record: Values) -> Iterator[Values]:
    client = record["client"]
    name = _present({"use": "official", "family": client["family_name"], "given": [client["given_name"]] if client["given_name"] else []})
    usual = {"use": "usual", "given": [client["preferred_name"]]} if client["preferred_name"] else None
    yield _present({
        "resourceType": "Patient", "id": client["id"], "identifier": [{"system": "urn:sub-rosa:code", "value": client["code"]}],
        "active": client["status"] not in ("discharged", "archived"), "name": [each for each in (name, usual) if each and len(each) > 1],
        "birthDate": client["born_on"], "telecom": list(_telecom(record)), "address": list(_addresses(record)),
    })  # fmt: skip
    for row in record["representatives"]:
        period = _present({"start": row["since"], "end": row["until"]})
        yield _present({
            "resourceType": "RelatedPerson", "id": row["id"], "patient": _patient(record), "relationship": [{"text": row["relation"]}],
            "name": [{"text": row["name"]}] if row["name"] else [], "period": period,
            "telecom": [{"system": "phone", "value": row["phone"]}] if row["phone"] else [],
        })  # fmt: skip
    staff = {_person_id(person): person for person in _staff(record)}
    for ident, person in staff.items():
        said = [{"code": {"text": person["credentials"]}}] if person["credentials"] else []
        yield _present({"resourceType": "Practitioner", "id": ident, "name": [{"text": person["name"]}], "qualification": said})
    if staff:
        members = [{"member": _practitioner(person)} for person in staff.values()]
        ident = str(uuid5(NAMESPACE_URL, f"team|{client['id']}"))
        yield {"resourceType": "CareTeam", "id": ident, "status": "active", "subject": _patient(record), "participant": members}


def _staff(record: Values) -> Iterator[Values]:
    """Everybody who held a session, wrote, signed or co-signed."""
    for row in (*record["sessions"], *record["notes"], *record["documents"]):
        for found in (
            row.get("counselor"),
            row.get("author"),
            row.get("by"),
            (row.get("signature") or {}).get("by"),
            (row.get("cosignature") or {}).get("by"),
        ):
            if found and found["name"]:
                yield found


def _telecom(record: Values) -> Iterator[Values]:
    """Phones and mails; R4 has no place for a permission, so one that may not be used says so as a use that is over."""
    for row in record["contact_points"]:
        if row["kind"] in ("phone", "mail") and row["address"].strip():
            use = {} if row["may_contact"] else {"use": "old"}
            yield {"system": "phone" if row["kind"] == "phone" else "email", "value": row["address"].strip()} | use


def _addresses(record: Values) -> Iterator[Values]:
    for row in record["contact_points"]:
        if row["kind"] == "post" and row["address"].strip():
            yield {"text": row["address"].strip()} | ({} if row["may_contact"] else {"use": "old"})


# --- what was held, written and signed ------------------------------------------------------------------------------------


def _sessions(record: Values) -> Iterator[Values]:
    for row in record["sessions"]:
        code, display = _CLASS[row["modality"]]
        yield _present({
            "resourceType": "Encounter", "id": row["id"], "status": _ENCOUNTER[row["outcome"]],
            "class": {"system": f"{_HL7}/v3-ActCode", "code": code, "display": display}, "subject": _patient(record),
            "participant": [{"individual": _practitioner(row["counselor"])}] if row["counselor"] else [],
            "period": {"start": row["starts_at"], "end": row["ends_at"]},
        })  # fmt: skip


def _notes(record: Values) -> Iterator[Values]:
    known = {row["id"] for row in record["sessions"]}
    for row in record["notes"]:
        text = "\n\n".join(words for _, words in sorted(row["content"].items()) if words)
        code, display = _NOTES[row["kind"]]
        signed = row["signature"]
        yield _present({
            "resourceType": "DocumentReference", "id": row["id"], "status": "current",
            "docStatus": "amended" if row["addenda"] else "final",
            "type": _code("http://loinc.org", code, display), "subject": _patient(record), "date": signed["at"] or row["written_at"],
            "author": [_practitioner(row["author"])] if row["author"] else [],
            "content": [_attached(text), *(_attached(one["text"]) for one in row["addenda"])],
            "context": {"encounter": [_ref(row["session"], "Encounter")]} if row["session"] in known else {},
        })  # fmt: skip
        if signed["by"]:
            yield _provenance(row, signed)


def _attached(text: str) -> Values:
    return {"attachment": {"contentType": _TEXT, "data": base64.b64encode(text.encode() or b"-").decode()}}


def _provenance(row: Values, signed: Values) -> Values:
    """Who signed. The signature itself is keyed and of that house alone: it is told, and not claimed to be a digital signature."""
    agents = [{"type": _code(f"{_HL7}/provenance-participant-type", "author", "Author"), "who": _practitioner(signed["by"])}]
    if second := row["cosignature"]:
        agents.append({"type": _code(f"{_HL7}/provenance-participant-type", "attester", "Attester"), "who": _practitioner(second["by"])})
    return {
        "resourceType": "Provenance", "id": str(uuid5(NAMESPACE_URL, f"signed|{row['id']}")),
        "target": [_ref(row["id"], "DocumentReference")],
        "recorded": signed["at"] or row["written_at"], "agent": agents,
    }  # fmt: skip


def _documents(record: Values) -> Iterator[Values]:
    types = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp", "text": _TEXT}
    for row in record["documents"]:
        digest = base64.b64encode(bytes.fromhex(row["sha256"])).decode()
        file = _present({"contentType": types[row["sort"]], "url": row["file"], "title": row["title"]})
        yield {
            "resourceType": "DocumentReference", "id": row["id"], "status": "current", "subject": _patient(record), "date": row["added_at"],
            "content": [{"attachment": file}], "identifier": [{"system": "urn:sub-rosa:sha256", "value": digest}],
        }  # fmt: skip


def _consents(record: Values) -> Iterator[Values]:
    for row in record["consents"]:
        yield {
            "resourceType": "Consent", "id": row["id"], "status": _CONSENT.get(row["state"], "inactive"),
            "scope": _code(f"{_HL7}/consentscope", "treatment", "Treatment"),
            "category": [_code("http://loinc.org", "59284-0", "Consent Document")], "patient": _patient(record),
            "dateTime": row["signed_at"], "sourceAttachment": {"contentType": "application/pdf", "url": row["file"], "title": row["title"]},
            "policyRule": {"text": f"{row['title']}, version {row['version']}"},
        }  # fmt: skip


# --- the trail ------------------------------------------------------------------------------------------------------------

_ACTIONS = {"read": "R", "list": "R", "change": "U", "export": "R", "refused": "R"}


def _events(record: Values, told: list[Values]) -> Iterator[Values]:
    """Lines of the trail: who, what and when, by ids. The sealed lines themselves, and the proof of them, lie in trail/."""
    for line in told:
        outcome = "4" if line["act"] == "refused" else "0"
        agent = _present({"type": {"text": line["role"]}, "who": {"identifier": {"value": line["actor"]}} if line["actor"] else {}})
        yield {
            "resourceType": "AuditEvent", "id": str(uuid5(NAMESPACE_URL, f"line|{line['id']}")), "recorded": line["at"],
            "type": {"system": f"{_HL7}/audit-event-type", "code": "rest", "display": "RESTful Operation"},
            "subtype": [{"system": "urn:sub-rosa:act", "code": line["act"]}], "action": _ACTIONS.get(line["act"], "E"), "outcome": outcome,
            "agent": [agent | {"requestor": bool(line["actor"])}], "source": {"observer": {"display": "Sub Rosa"}},
            "entity": [{"what": _patient(record), "description": f"{line['what']}: {line['part']}"[:200]}],
        }  # fmt: skip


def now(at: datetime.datetime) -> str:
    """A moment as FHIR writes an instant."""
    return at.astimezone(datetime.UTC).isoformat(timespec="seconds")
