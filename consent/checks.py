"""What a form must say before it may be shown to anybody, and does not say yet."""

from __future__ import annotations

import re
from typing import NamedTuple

from consent import law
from consent.clauses import Unreadable, clauses
from consent.models import Form, Version
from practice.models import Practice

FLAGS = (
    "is_covered_entity", "is_part2_program", "holds_part2_records", "ca_licensed_clinic", "gdpr", "uk_gdpr", "pipeda",
    "phipa_on", "au_privacy",
)  # fmt: skip
_GAP = re.compile(r"\(\(\s*([^()\n]{1,160}?)\s*\)\)")


class Point(NamedTuple):
    """Something the law asks of a form, and whether the form says it."""

    element: law.Element
    said: bool


def flags() -> frozenset[str]:
    """Which rule sets hold in this practice (GEN-8)."""
    practice = Practice.objects.get()
    return frozenset(flag for flag in FLAGS if getattr(practice, flag))


def checklist(form: Form, text: str) -> list[Point]:
    """Each element the law asks of such a form, and whether ``text`` says it. A text that cannot be read says nothing."""
    try:
        said = {key for clause in clauses(text) if clause.text.strip() for key in clause.covers}
    except Unreadable:
        said = set()
    return [Point(element, element.key in said) for element in law.elements(form.kind, flags())]


def missing(version: Version) -> list[law.Element]:
    """What the law asks of such a form and ``version`` does not say yet."""
    return [point.element for point in checklist(version.form, version.text) if not point.said]


def gaps(text: str) -> list[str]:
    """What the practice still has to fill in: words in ((double brackets)), as the shipped templates leave them."""
    return list(dict.fromkeys(_GAP.findall(text)))


def fill_gaps(text: str, words: dict[str, str]) -> str:
    """``text`` with the gaps that ``words`` knows filled in."""
    return _GAP.sub(lambda found: words.get(found[1], found[0]), text)
