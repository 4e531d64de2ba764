"""What a form must say before it may be shown to anybody, and does not say yet."""

from __future__ import annotations

from consent import law
from consent.clauses import clauses
from consent.models import Version
from practice.models import Practice

FLAGS = (
    "is_covered_entity", "is_part2_program", "holds_part2_records", "ca_licensed_clinic", "gdpr", "uk_gdpr", "pipeda",
    "phipa_on", "au_privacy",
)  # fmt: skip


def missing(version: Version) -> list[law.Element]:
    """What the law asks of such a form and ``version`` does not say yet. Raises Unreadable where its text cannot be read."""
    practice = Practice.objects.get()
    flags = frozenset(flag for flag in FLAGS if getattr(practice, flag))
    said = {key for clause in clauses(version.text) if clause.text.strip() for key in clause.covers}
    return [element for element in law.elements(version.form.kind, flags) if element.key not in said]
