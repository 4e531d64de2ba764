"""The record once more as a FHIR R4 bundle, for systems that read that: what of it R4 has a place for, and no more.

Plain values: the tests hold each resource against the published model (fhir.resources, R4B, whose resources used here are those of R4).
"""

from __future__ import annotations

import base64
import datetime
import re
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
_NOTHING: tuple[Any, ...] = (None, "", [], {})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
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
    every = (_people(record), _sessions(record), _notes(record), _documents(record), _consents(record), _events(record, told))
    resources = [_present(each) for some in every for each in some]
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


def _present(value: Any) -> Any:
    """FHIR knows no empty values and no control signs: what says nothing is not there, however deep it stands."""
    if isinstance(value, dict):
        found = {key: _present(inner) for key, inner in value.items()}
        return {key: inner for key, inner in found.items() if inner not in _NOTHING}
    if isinstance(value, list):
        return [inner for each in value if (inner := _present(each)) not in _NOTHING]
    return _CONTROL.sub("", value).strip() if isinstance(value, str) else value


def _named(person: Values | None) -> Values | None:
    """``person``, where a name is known: nobody can be referred to without."""
    return person if person and _present(person["name"]) else None


# --- people ---------------------------------------------------------------------------------------------------------------


def _people(record: Values) -> Iterator[Values]:
    client = record["client"]
    yield {
        "resourceType": "Patient", "id": client["id"], "identifier": [{"system": "urn:sub-rosa:code", "value": client["code"]}],
        "active": client["status"] not in ("discharged", "archived"), "name": list(_names(client)),
        "birthDate": client["born_on"], "telecom": list(_telecom(record)), "address": list(_addresses(record)),
    }  # fmt: skip
    for row in record["representatives"]:
        yield {
            "resourceType": "RelatedPerson", "id": row["id"], "patient": _patient(record), "relationship": [{"text": row["relation"]}],
            "name": [{"text": row["name"]}], "period": {"start": row["since"], "end": row["until"]},
            "telecom": [{"system": "phone", "value": row["phone"]}] if _present(row["phone"]) else [],
        }  # fmt: skip
    staff = {_person_id(person): person for person in _staff(record)}
    for ident, person in staff.items():
        said = {"code": {"text": person["credentials"]}}
        yield {"resourceType": "Practitioner", "id": ident, "name": [{"text": person["name"]}], "qualification": [said]}
    if staff:
        members = [{"member": _practitioner(person)} for person in staff.values()]
        ident = str(uuid5(NAMESPACE_URL, f"team|{client['id']}"))
        yield {"resourceType": "CareTeam", "id": ident, "status": "active", "subject": _patient(record), "participant": members}


def _names(client: Values) -> Iterator[Values]:
    official = {"family": client["family_name"], "given": [client["given_name"]]}
    for use, names in (("official", official), ("usual", {"given": [client["preferred_name"]]})):
        if said := _present(names):
            yield {"use": use} | said


def _staff(record: Values) -> Iterator[Values]:
    """Everybody who held a session, wrote, signed or co-signed."""
    for row in (*record["sessions"], *record["notes"], *record["documents"]):
        signers = [(row.get(name) or {}).get("by") for name in ("signature", "cosignature")]
        yield from filter(_named, (row.get("counselor"), row.get("author"), row.get("by"), *signers))


def _telecom(record: Values) -> Iterator[Values]:
    """Phones and mails; R4 has no place for a permission, so one that may not be used says so as a use that is over."""
    for row in record["contact_points"]:
        if row["kind"] in ("phone", "mail") and _present(row["address"]):
            use = {} if row["may_contact"] else {"use": "old"}
            yield {"system": "phone" if row["kind"] == "phone" else "email", "value": _present(row["address"])} | use


def _addresses(record: Values) -> Iterator[Values]:
    for row in record["contact_points"]:
        if row["kind"] == "post" and _present(row["address"]):
            yield {"text": _present(row["address"])} | ({} if row["may_contact"] else {"use": "old"})


# --- what was held, written and signed ------------------------------------------------------------------------------------


def _sessions(record: Values) -> Iterator[Values]:
    for row in record["sessions"]:
        code, display = _CLASS[row["modality"]]
        yield {
            "resourceType": "Encounter", "id": row["id"], "status": _ENCOUNTER[row["outcome"]],
            "class": {"system": f"{_HL7}/v3-ActCode", "code": code, "display": display}, "subject": _patient(record),
            "participant": [{"individual": _practitioner(row["counselor"])}] if _named(row["counselor"]) else [],
            "period": {"start": row["starts_at"], "end": row["ends_at"]},
        }  # fmt: skip


def _notes(record: Values) -> Iterator[Values]:
    known = {row["id"] for row in record["sessions"]}
    for row in record["notes"]:
        text = "\n\n".join(words for _, words in sorted(row["content"].items()) if words)
        code, display = _NOTES[row["kind"]]
        signed = row["signature"]
        yield {
            "resourceType": "DocumentReference", "id": row["id"], "status": "current",
            "docStatus": "amended" if row["addenda"] else "final",
            "type": _code("http://loinc.org", code, display), "subject": _patient(record), "date": signed["at"] or row["written_at"],
            "author": [_practitioner(row["author"])] if _named(row["author"]) else [],
            "content": [_attached(text), *(_attached(one["text"]) for one in row["addenda"])],
            "context": {"encounter": [_ref(row["session"], "Encounter")]} if row["session"] in known else {},
        }  # fmt: skip
        if _named(signed["by"]):
            yield _provenance(row, signed)


def _attached(text: str) -> Values:
    return {"attachment": {"contentType": _TEXT, "data": base64.b64encode(text.encode() or b"-").decode()}}


def _provenance(row: Values, signed: Values) -> Values:
    """Who signed. The signature itself is keyed and of that house alone: it is told, and not claimed to be a digital signature."""
    agents = [{"type": _code(f"{_HL7}/provenance-participant-type", "author", "Author"), "who": _practitioner(signed["by"])}]
    if (second := row["cosignature"]) and _named(second["by"]):
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
        file = {"contentType": types[row["sort"]], "url": row["file"], "title": row["title"]}
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
        agent = {"type": {"text": line["role"]}, "who": {"identifier": {"value": line["actor"]}}, "requestor": bool(line["actor"])}
        yield {
            "resourceType": "AuditEvent", "id": str(uuid5(NAMESPACE_URL, f"line|{line['id']}")), "recorded": line["at"],
            "type": {"system": f"{_HL7}/audit-event-type", "code": "rest", "display": "RESTful Operation"},
            "subtype": [{"system": "urn:sub-rosa:act", "code": line["act"]}], "action": _ACTIONS.get(line["act"], "E"), "outcome": outcome,
            "agent": [agent], "source": {"observer": {"display": "Sub Rosa"}},
            "entity": [{"what": _patient(record), "description": f"{line['what']}: {line['part']}"[:200]}],
        }  # fmt: skip


def now(at: datetime.datetime) -> str:
    """A moment as FHIR writes an instant."""
    return at.astimezone(datetime.UTC).isoformat(timespec="seconds")
