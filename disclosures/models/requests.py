"""A request for the accounting, from receipt to the paper that was given (ACC-1, ACC-5, ACC-6, ACC-9)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedBytes, SealedModel, SealedText
from vault.keys import Keyhole

from .accounting import COMPARTMENT


class AccountingRequest(SealedModel):
    """Who asked, for which days, by when it is due, what it costs; and exactly what was given, kept as long as the law asks."""

    class Whom(models.TextChoices):
        CLIENT = "client", "the client"
        REPRESENTATIVE = "representative", "who represents them"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    whom = models.CharField(max_length=14, choices=Whom.choices)
    name = SealedText()
    verified = SealedText()  # how it is known that it is them (AU-9)
    received_on = models.DateField()
    since = models.DateField()
    until = models.DateField()  # that day included
    due_on = models.DateField()
    reasons = SealedText(null=True)  # for taking longer, once; said in writing
    extended_on = models.DateField(null=True)
    fee = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    fee_told_on = models.DateField(null=True)
    pdf = SealedBytes(null=True)  # what was given
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)
    given_at = models.DateTimeField(null=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["due_on"], condition=Q(given_at=None, withdrawn_at=None), name="accountings_due")]
        constraints = [
            models.CheckConstraint(condition=Q(since__lte=F("until"), until__lte=F("received_on")), name="accounting_of_days_past"),
            models.CheckConstraint(
                condition=Q(given_at=None, given_by=None, pdf__isnull=True)
                | Q(given_at__isnull=False, given_by__isnull=False, pdf__isnull=False, withdrawn_at=None),
                name="accounting_given_whole",
            ),
            models.CheckConstraint(
                condition=Q(extended_on=None, reasons__isnull=True) | Q(extended_on__isnull=False, reasons__isnull=False),
                name="longer_for_a_reason",
            ),
            models.CheckConstraint(condition=Q(fee=0) | Q(fee__gt=0, fee_told_on__isnull=False), name="fee_told_before"),
        ]

    class Privacy:
        open = [
            "id", "version", "client", "whom", "received_on", "since", "until", "due_on", "extended_on", "fee", "fee_told_on",
            "recorded_by", "recorded_at", "withdrawn_at", "given_at", "given_by",
        ]  # fmt: skip
        sealed = ["name", "verified", "reasons", "pdf"]

    def __str__(self) -> str:
        return f"accounting request {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)

    @property
    def is_open(self) -> bool:
        """Whether it still waits to be answered."""
        return self.given_at is None and self.withdrawn_at is None
