"""What the practice lays down about notes. Each change leaves a line."""

from __future__ import annotations

from collections.abc import Sequence

from audit import trail
from practice.models import Practice, User
from practice.refusals import Refused
from records.models import CosignRule, Kind, NoteRules


def rules() -> NoteRules:
    """The rules in force; before anybody laid any down, every format is offered and nothing needs a co-signature."""
    return NoteRules.objects.first() or NoteRules()


def set_rules(
    practice: Practice, *, by: User, formats: Sequence[str], default_format: str, cosign_kinds: Sequence[str], cosign_days: int
) -> None:
    """Lay down which formats are offered, which is the default, and which kinds of note of everybody supervised need a co-signature.

    Notes that are written or signed already stay as they are. Raises Refused for a default that is not offered.
    """
    if default_format not in formats:
        raise Refused("", "The default must be one of the formats offered.")
    row = rules()
    row.formats, row.default_format = list(formats), default_format
    row.cosign_kinds, row.cosign_days = _cosignable(cosign_kinds), cosign_days
    row.save()
    trail.change(practice, "note_rules")


def set_cosign_rule(supervisee: User, kinds: Sequence[str], *, by: User) -> None:
    """Which kinds of note of this person need a co-signature, beside those of everybody; none takes the rule away."""
    CosignRule.objects.update_or_create(supervisee=supervisee, defaults={"kinds": _cosignable(kinds)})
    trail.change(supervisee, "cosign_rule")


def _cosignable(kinds: Sequence[str]) -> list[str]:
    return [Kind(kind).value for kind in kinds if kind != Kind.PSYCHOTHERAPY]
