"""What else the file of a supervision holds: evaluations, concerns with their plan, payments, leave, the license, reports of hours."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedJSON

from .agreements import Agreement, OfAgreement


class Paper(OfAgreement):
    """One paper, of one kind; signed by both, and final with the first signature. What came of a plan is another paper ``about`` it."""

    class Kind(models.TextChoices):
        EVALUATION = "evaluation", "evaluation"
        REMEDIATION = "remediation", "concern and plan"
        OUTCOME = "outcome", "what came of a plan"
        HOURS = "hours", "report of hours"
        LICENCE = "licence", "license of the supervisor"
        PAYMENT = "payment", "fee or payment"
        LEAVE = "leave", "leave of a month or more"
        SELF_EMPLOYED = "self_employed", "acknowledgement of self-employment"

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=13, choices=Kind.choices)
    begins = models.DateField()
    ends = models.DateField()
    content = SealedJSON()  # by kind: see forms/papers.py
    about = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="outcome")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    keep_until = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["agreement", "kind", "-begins"])]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("begins")), name="paper_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(kind="outcome") ^ Q(about=None), name="an_outcome_is_of_a_plan"),
        ]

    class Privacy:
        open = ["id", "version", "agreement", "kind", "begins", "ends", "about", "written_by", "written_at", "keep_until"]
        sealed = ["content"]

    def __str__(self) -> str:
        return f"paper of a supervision {self.pk}"

    @property
    def said(self) -> dict[str, Any]:
        """What it says."""
        return dict(self.content)


class Signature(models.Model):
    """Somebody signed: an agreement, a part of a meeting, or a paper. Only ever added, by the one who signs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    part = models.ForeignKey("supervision.Part", null=True, on_delete=models.PROTECT, related_name="signatures")
    paper = models.ForeignKey(Paper, null=True, on_delete=models.PROTECT, related_name="signatures")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=clock.now)
    signed_hash = models.BinaryField()  # keyed: all that was shown (SE-6)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(part=None) | Q(paper=None), name="a_signature_is_under_one_thing"),
            models.UniqueConstraint(fields=["agreement", "part", "paper", "person"], nulls_distinct=False, name="signed_once_each"),
        ]

    class Privacy:
        open = ["id", "agreement", "part", "paper", "person", "signed_at", "signed_hash"]

    def __str__(self) -> str:
        return f"signature {self.pk}"
