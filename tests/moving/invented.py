"""Records that nobody kept: any that record.schema.json lets through, for hypothesis."""

from __future__ import annotations

import datetime
import uuid
from itertools import count
from typing import Any

from hypothesis import strategies as st

from records.models import Kind

_TEXTS = st.text(max_size=40)  # spaces alone, right to left, signs that no text holds: whatever a field may keep
_DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)).map(datetime.date.isoformat)
_MOMENTS = st.integers(631_152_000, 3_786_912_000).map(lambda second: datetime.datetime.fromtimestamp(second, datetime.UTC).isoformat())
_IDS = st.uuids().map(str)
_MAYBE = st.none() | _MOMENTS
_SHA = st.binary(min_size=32, max_size=32).map(bytes.hex)
_PERSONS = st.none() | st.fixed_dictionaries({"name": _TEXTS, "credentials": _TEXTS})
_SIGNED = st.fixed_dictionaries({"by": _PERSONS, "at": _MAYBE, "holds": st.booleans()})
_CHARTED = [kind.value for kind in Kind if kind != Kind.PSYCHOTHERAPY]


def _some(*fields: tuple[str, Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries(dict(fields)), max_size=3)


def _one_of(*words: str) -> st.SearchStrategy[str]:
    return st.sampled_from(words)


_POINT = (("kind", _one_of("phone", "mail", "post")), ("address", _TEXTS), ("may_contact", st.booleans()))
_REPRESENTATIVE = (
    ("relation", _one_of("parent", "guardian", "caseworker", "executor", "other")), ("name", _TEXTS), ("phone", _TEXTS),
    ("authority", _TEXTS), ("since", _MOMENTS), ("until", _MAYBE),
)  # fmt: skip
_SESSION = (
    ("counselor", _PERSONS), ("starts_at", _MOMENTS), ("ends_at", _MOMENTS),
    ("modality", _one_of("in_person", "video", "phone")), ("outcome", _one_of("planned", "attended", "cancelled", "late", "absent")),
)  # fmt: skip
_ADDENDA = _some(("author", _PERSONS), ("at", _MOMENTS), ("text", _TEXTS), ("holds", st.booleans()))
_NOTE = (
    ("session", st.none() | st.integers(0, 2)), ("kind", st.sampled_from(_CHARTED)), ("author", _PERSONS), ("written_at", _MOMENTS),
    ("content", st.dictionaries(_TEXTS, _TEXTS, max_size=3)), ("signature", _SIGNED), ("addenda", _ADDENDA),
    ("cosignature", st.none() | _SIGNED),
)  # fmt: skip
_DOCUMENT = (
    ("title", _TEXTS), ("sort", _one_of("pdf", "png", "jpeg", "webp", "text")), ("added_at", _MOMENTS), ("by", _PERSONS),
    ("file", st.just("documents/0001.pdf")), ("sha256", _SHA),
)  # fmt: skip
_CONSENT = (
    ("title", _TEXTS), ("version", st.integers(1, 99)), ("signed_by", _TEXTS),
    ("signed_at", _MOMENTS),
    ("state", _one_of("active", "expiring", "expired", "revoked", "declined", "superseded", "sent")),
    ("file", st.just("consents/0001.pdf")),
)  # fmt: skip
_CLIENT = {
    "code": st.from_regex(r"[A-Z]-[0-9]{4}", fullmatch=True), "since": _MOMENTS, "born_on": st.none() | _DAYS,
    "kind": _one_of("adult", "minor", "couple", "family", "group"), "given_name": _TEXTS, "family_name": _TEXTS, "preferred_name": _TEXTS,
    "status": _one_of("enquiry", "intake", "active", "discharged", "archived"), "pronouns": _TEXTS, "languages": _TEXTS,
}  # fmt: skip
_LINE = (
    ("id", st.integers(1, 10**12)), ("at", _MOMENTS), ("act", _one_of("read", "list", "change", "export", "refused", "system")),
    ("role", st.just("") | _one_of("counselor", "system:move_out")), ("what", st.just("records.note")), ("part", _TEXTS),
    ("actor", st.just("") | _IDS),
)  # fmt: skip

LINES = st.lists(st.fixed_dictionaries(dict(_LINE)), max_size=4, unique_by=lambda line: line["id"])
_LISTS = {
    "contact_points": _POINT, "representatives": _REPRESENTATIVE, "sessions": _SESSION, "notes": _NOTE, "documents": _DOCUMENT,
    "consents": _CONSENT,
}  # fmt: skip


def _numbered(record: dict[str, Any]) -> dict[str, Any]:
    """Each row under an id of its own; a note names a session of the record, one that is not in it, or none."""
    numbers = count(1)
    for row in (record["client"], *(row for name in _LISTS for row in record[name])):
        row["id"] = str(uuid.UUID(int=next(numbers)))
    for note in record["notes"]:
        held = record["sessions"][note["session"] :] if note["session"] is not None else []
        note["session"] = held[0]["id"] if held else str(uuid.UUID(int=0)) if note["session"] else None
    return record


RECORDS = st.fixed_dictionaries({"client": st.fixed_dictionaries(_CLIENT)} | {name: _some(*fields) for name, fields in _LISTS.items()}).map(
    _numbered
)
