"""A client who was told to come, by a court, an employer or a school: what their consent says besides (IC-26).

It stands in a clause of its own in the paper, so it is shown, asked about, hashed and signed; a paper that takes the place of another
carries the clause on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from consent import law
from consent.clauses import plain
from practice.refusals import Refused

ANCHOR = "told-to-come"
_CLAUSE = re.compile(rf"^## [^\n]*\{{#{ANCHOR}\}}$[\s\S]*\Z", re.MULTILINE)  # it is the last one
_LACKING = {
    "by": "who asks it", "limits": "what cannot be kept confidential because of it", "reports": "who gets reports",
    "refusal": "what follows from saying no",
}  # fmt: skip


@dataclass(frozen=True)
class Mandate:
    """Who told the client to come, the limits that brings, who gets reports, and what follows from refusing."""

    by: str
    limits: str
    reports: str
    refusal: str


def require_whole(mandate: Mandate) -> None:
    """Raises Refused by IC-26 where any of it is not said."""
    lacking = [words for name, words in _LACKING.items() if not getattr(mandate, name).strip()]
    if lacking:
        said = "Somebody who was told to come is told so in the paper. It does not say: " + "; ".join(lacking) + "."
        raise Refused("IC-26", said, "Fill that in, then send it.")


def with_mandate(text: str, mandate: Mandate, language: str) -> str:
    """``text`` of a consent with the clause of ``mandate`` at its end."""
    words = law.mandate_words(language)
    lines = [f"- **{words[each.name]}:** {plain(getattr(mandate, each.name))}" for each in fields(mandate)]
    return "\n".join([text.rstrip("\n"), "", f"## {words['title']} {{#{ANCHOR}}}", *lines, "", words["choice"], ""])


def carried_on(text: str, former: str) -> str:
    """``text`` with the clause that ``former``, the words it takes the place of, had."""
    found = _CLAUSE.search(former)
    return f"{text.rstrip()}\n\n{found[0]}" if found else text
