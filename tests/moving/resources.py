"""What is wrong with a FHIR bundle: each resource held against the published model, each reference against what is there."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from fhir.resources.R4B import get_fhir_model_class

Values = dict[str, Any]
WANTED = {"Patient", "RelatedPerson", "Practitioner", "CareTeam", "Encounter", "DocumentReference", "Consent", "AuditEvent", "Provenance"}
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")


def resources(bundle: Values) -> list[Values]:
    """Every resource of ``bundle``."""
    return [entry["resource"] for entry in bundle["entry"]]


def kinds(bundle: Values) -> Counter[str]:
    """How many there are of each kind."""
    return Counter(each["resourceType"] for each in resources(bundle))


def faults(bundle: Values) -> list[str]:
    """In words, everything in ``bundle`` that is not as R4 says. Only the place is told, not what stands there."""
    found = _unfit(bundle)
    for each in resources(bundle):
        found += _unfit(each) + [f"{each['resourceType']}: nothing at {path}" for path in _empty(each, "")]
    counted = Counter(entry["fullUrl"] for entry in bundle["entry"])
    found += [f"{url} is there {many} times" for url, many in counted.items() if many > 1]
    found += [f"no id: {each['resourceType']}" for each in resources(bundle) if not _ID.fullmatch(each["id"])]
    there = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in bundle["entry"]}
    return found + [f"{ref} ({kind}) leads nowhere" for ref, kind in references(bundle) if there.get(ref) != kind]


def _unfit(each: Values) -> list[str]:
    try:
        get_fhir_model_class(each["resourceType"]).model_validate(each)
    except ValueError as error:
        return [f"{each['resourceType']}: {str(error)[:200]}"]
    return []


def references(value: Any) -> list[tuple[str, str]]:
    """Every reference in ``value``, with the kind that it says it leads to."""
    if isinstance(value, dict):
        own = [(value["reference"], str(value.get("type")))] if isinstance(value.get("reference"), str) else []
        return own + [ref for inner in value.values() for ref in references(inner)]
    return [ref for inner in value for ref in references(inner)] if isinstance(value, list) else []


def _empty(value: Any, path: str) -> list[str]:
    """Where ``value`` says nothing, which FHIR does not know, or holds a sign that no text of it holds."""
    if isinstance(value, dict):
        return [at for key, inner in value.items() for at in _empty(inner, f"{path}.{key}")] if value else [path]
    if isinstance(value, list):
        return [at for inner in value for at in _empty(inner, path)] if value else [path]
    said = isinstance(value, str) and value.strip() and not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", value)
    return [] if said or isinstance(value, int | float) else [path]
