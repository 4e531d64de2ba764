"""What a file may hold, which of its columns is what, and the systems it may come from (law/systems.toml)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "law" / "systems.toml"


@dataclass(frozen=True)
class Column:
    """Something that is asked of a file: its key, what it is called, whether nothing goes without it, and usual headings."""

    key: str
    label: str
    required: bool = False
    usual: tuple[str, ...] = ()


_CLIENT = Column("client", "Id of the client", True, ("client id", "patient id", "client number", "patient number"))
COLUMNS: dict[str, tuple[Column, ...]] = {
    "clients": (
        Column(
            "source", "Id in the old system", True, ("client id", "patient id", "id", "client number", "patient number", "account number")
        ),
        Column("given_name", "Given name", True, ("first name", "legal first name", "given name", "firstname")),
        Column("family_name", "Family name", True, ("last name", "legal last name", "family name", "surname", "lastname")),
        Column("preferred_name", "Preferred name", usual=("preferred name", "nickname", "name they go by", "goes by")),
        Column("pronouns", "Pronouns", usual=("pronouns",)),
        Column("born_on", "Date of birth", usual=("date of birth", "dob", "birth date", "birthdate", "birthday")),
        Column("kind", "Adult, minor, couple, family or group", usual=("client type", "type")),
        Column("status", "Status", usual=("status", "client status")),
        Column("languages", "Languages", usual=("language", "languages", "preferred language")),
        Column("phone", "Phone", usual=("phone", "mobile phone", "mobile", "cell phone", "phone number", "home phone")),
        Column("mail", "E-mail", usual=("email", "e-mail", "email address")),
        Column("post", "Post address", usual=("address", "street address", "address 1")),
        Column("counselor", "Counselor", usual=("primary clinician", "clinician", "therapist", "practitioner", "counselor")),
    ),
    "contacts": (
        Column("source", "Id in the old system", True, ("contact id", "id")),
        _CLIENT,
        Column("kind", "Phone, mail or post", True, ("type", "kind", "contact type")),
        Column("address", "Number or address", True, ("value", "number", "address", "contact")),
        Column("label", "Label", usual=("label", "description")),
        Column("may_contact", "May be used (yes or no)", usual=("permission", "may contact", "consent to contact")),
    ),
    "sessions": (
        Column("source", "Id in the old system", True, ("appointment id", "session id", "id")),
        _CLIENT,
        Column("starts", "Start, with its day", True, ("start", "starts at", "start time", "date and time", "date of service", "date")),
        Column("ends", "End", usual=("end", "ends at", "end time")),
        Column("minutes", "Minutes", usual=("duration", "minutes", "length")),
        Column("modality", "In person, video or phone", usual=("location", "modality", "service location")),
        Column("outcome", "Whether it took place", usual=("status", "appointment status", "outcome")),
        Column("counselor", "Counselor", usual=("clinician", "therapist", "practitioner", "provider", "counselor")),
    ),
    "notes": (
        Column("source", "Id in the old system", True, ("note id", "id")),
        _CLIENT,
        Column("written", "Day it was written", True, ("date", "note date", "date of service", "created", "created at")),
        Column("text", "Text", True, ("note", "text", "content", "body")),
        Column("session", "Id of its session", usual=("appointment id", "session id")),
        Column("kind", "Kind of note", usual=("note type", "type", "kind")),
        Column("author", "Written by", usual=("author", "clinician", "therapist", "practitioner", "provider")),
        Column("signed_by", "Signed by", usual=("signed by", "signature")),
        Column("signed", "Signed on", usual=("signed at", "signed on", "date signed", "signed date")),
    ),
}


@dataclass(frozen=True)
class System:
    """Where a file comes from, and what is known of its headings."""

    key: str
    name: str
    known: bool
    source: str
    checked: Any
    heads: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def knows(self, kind: str) -> bool:
        """Whether the headings of this kind of file were seen in a document of the maker."""
        return self.known and kind in self.heads


@cache
def systems() -> dict[str, System]:
    """Every system there is, by key."""
    found = tomllib.loads(_FILE.read_text())
    return {key: _system(key, said) for key, said in found.items()}


def _system(key: str, said: dict[str, Any]) -> System:
    heads = {kind: said[kind] for kind in COLUMNS if kind in said}
    return System(key, said["name"], said["known"], said["source"], said["checked"], heads)


def plain(head: str) -> str:
    """A heading as it is compared: lower case, words alone."""
    return " ".join(re.findall(r"[a-z0-9]+", head.casefold().replace("e-mail", "email")))


def guessed(kind: str, system: str, heads: list[str]) -> dict[str, str]:
    """Which of ``heads`` is likely which column: what the system calls it first, then what is usual. Each heading serves once."""
    left = {plain(head): head for head in reversed(heads) if head.strip()}
    named = systems()[system].heads.get(kind, {}) if system in systems() else {}
    found = {}
    for column in COLUMNS[kind]:
        tried = [plain(each) for each in (*named.get(column.key, ()), *column.usual)]
        hit = next((each for each in tried if each in left), None)
        if hit is not None:
            found[column.key] = left.pop(hit)
    return found
