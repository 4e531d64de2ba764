"""What a release names, and the clause that says so: it stands in the paper, so it is shown, asked about, hashed and signed (AU-1)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import formats, translation

from clients.models import Client
from consent import law
from consent.clauses import clauses, plain

ANCHOR = "named-here"


@dataclass(frozen=True)
class Particulars:
    """What a release names (AU-1, P2-2). ``expires_on`` or ``expiry_event``, or ``endless``; ``information`` are keys of the law's list."""

    kind: str
    information: Sequence[str]
    description: str
    from_party: str
    to_party: str
    purpose: str
    purpose_words: str = ""
    to_address: str = ""
    expires_on: datetime.date | None = None
    expiry_event: str = ""
    endless: bool = False
    from_date: datetime.date | None = None
    to_date: datetime.date | None = None


def with_particulars(text: str, named: Particulars, client: Client, language: str) -> str:
    """``text`` of a form with the clause of what ``named`` names for ``client`` before its first heading."""
    words = law.release_words(language)
    return first_clause(text, words["title"], [f"**{label}:** {plain(said)}" for label, said in _lines(named, client, words, language)])


def first_clause(text: str, title: str, lines: Sequence[str]) -> str:
    """``text`` of a form with a clause of these lines, one point each, before its first heading."""
    clause = "\n".join([f"## {title} {{#{_anchor(text)}}}", *(f"- {line}" for line in lines)])
    before, heading, after = text.partition("\n## ") if not text.startswith("## ") else ("", "## ", text.removeprefix("## "))
    return "\n\n".join(part for part in (before.strip("\n"), clause, (heading + after).strip("\n")) if part)


def _anchor(text: str) -> str:
    """An anchor that no clause of the form has."""
    taken, found = {clause.anchor for clause in clauses(text)}, ANCHOR
    while found in taken:
        found += "-x"
    return found


def _lines(named: Particulars, client: Client, words: dict[str, Any], language: str) -> Iterator[tuple[str, str]]:
    kinds = law.information(language)
    yield words["about"], f"{client.legal_name} ({client.code})"
    yield words["what"], named.description
    yield words["kinds"], ", ".join(kinds.get(key, key) for key in named.information)
    if days := _days(named, words, language):
        yield words["days"], days
    yield words["sender"], named.from_party
    yield words["recipient"], ", ".join(part for part in (named.to_party, named.to_address) if part.strip())
    yield words["purpose"], ": ".join(part for part in (words["purposes"][named.purpose], named.purpose_words) if part.strip())
    yield words["until"], _end(named, words, language)


def _day(day: datetime.date, language: str) -> str:
    with translation.override(language):
        return formats.date_format(day, "DATE_FORMAT" if language != "en" else "j F Y")


def _days(named: Particulars, words: dict[str, Any], language: str) -> str:
    first, last = (_day(day, language) if day else "" for day in (named.from_date, named.to_date))
    which = "between" if first and last else "since" if first else "up_to" if last else ""
    return words[which].format(first=first, last=last) if which else ""


def _end(named: Particulars, words: dict[str, Any], language: str) -> str:
    if named.endless:
        return str(words["endless"])
    ends = [words["on"].format(day=_day(named.expires_on, language))] if named.expires_on else []
    # Whichever comes first, where a paper names both.
    return ", ".join([*ends, *([words["event"].format(event=named.expiry_event.strip())] if named.expiry_event.strip() else [])])
