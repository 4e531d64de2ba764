"""A random sample of somebody's signed notes, drawn by the supervisor to look at."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedText

from .agreements import Agreement, OfAgreement


class Sample(OfAgreement):
    """Drawn once, with its reason. Drawn again of the same days it is another sample, which both can see."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="samples")
    begins = models.DateField()
    ends = models.DateField()
    of = models.PositiveIntegerField()  # how many signed notes there were to draw from
    reason = SealedText()
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=clock.now)
    keep_until = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends__gte=F("begins")), name="sample_ends_after_it_begins")]

    class Privacy:
        open = ["id", "version", "agreement", "begins", "ends", "of", "drawn_by", "drawn_at", "keep_until"]
        sealed = ["reason"]

    def __str__(self) -> str:
        return f"sample {self.pk}"


class Sampled(OfAgreement):
    """One note of a sample: whether it was looked at, and what the supervisor says to it. Then it is final."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="notes")
    note = models.ForeignKey("records.Note", on_delete=models.PROTECT, related_name="+")
    remark = SealedText()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "sampled"
        constraints = [
            models.UniqueConstraint(fields=["sample", "note"], name="drawn_once_each"),
            models.CheckConstraint(
                condition=Q(seen_at=None, seen_by=None) | Q(seen_at__isnull=False, seen_by__isnull=False), name="seen_by_somebody"
            ),
        ]

    class Privacy:
        open = ["id", "version", "agreement", "sample", "note", "seen_at", "seen_by"]
        sealed = ["remark"]

    def __str__(self) -> str:
        return f"sampled note {self.pk}"
