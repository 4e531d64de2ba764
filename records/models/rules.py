"""What the practice lays down about notes: formats offered, and which kinds need a co-signature (SU-6)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from vault.gate import PRACTICE

from .notes import Format, Kind

DAYS_TO_COSIGN = 7


def _every_format() -> list[str]:
    return [each.value for each in Format]


class NoteRules(models.Model):
    """The one row of them."""

    id = models.UUIDField(primary_key=True, default=PRACTICE, editable=False)
    formats = ArrayField(models.CharField(max_length=6, choices=Format.choices), default=_every_format)
    default_format = models.CharField(max_length=6, choices=Format.choices, default=Format.GUIDED)
    cosign_kinds = ArrayField(models.CharField(max_length=14, choices=Kind.choices), default=list, blank=True)  # of everybody supervised
    cosign_days = models.PositiveSmallIntegerField(default=DAYS_TO_COSIGN)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=PRACTICE), name="one_row_of_note_rules"),
            models.CheckConstraint(condition=Q(formats__contains=[F("default_format")]), name="default_format_is_offered"),
            models.CheckConstraint(condition=~Q(cosign_kinds__contains=["psychotherapy"]), name="psychotherapy_notes_are_never_cosigned"),
            models.CheckConstraint(condition=Q(cosign_days__range=(1, 60)), name="cosign_days_within_reason"),
        ]

    class Privacy:
        open = ["id", "formats", "default_format", "cosign_kinds", "cosign_days"]

    def __str__(self) -> str:
        return "the rules of notes"


class CosignRule(models.Model):
    """Kinds of note of one supervised person that need a co-signature, beside those of everybody."""

    supervisee = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="cosign_rule")
    kinds = ArrayField(models.CharField(max_length=14, choices=Kind.choices), default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kinds__contains=["psychotherapy"]), name="no_psychotherapy_note_of_theirs_either")
        ]

    class Privacy:
        open = ["supervisee", "kinds"]

    def __str__(self) -> str:
        return f"co-signing of {self.supervisee_id}"
