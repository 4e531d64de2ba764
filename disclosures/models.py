"""The accounting of disclosures: rows that are only added to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

COMPARTMENT = "disclosure"


class Disclosure(SealedModel):
    """Something of a client's record went to somebody: what 45 CFR 164.528(b)(2) asks of an entry of the accounting (ACC-3, ACC-8)."""

    class Basis(models.TextChoices):
        IMPERMISSIBLE = "impermissible", "not permitted: a breach"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="disclosures")
    on = models.DateField()
    basis = models.CharField(max_length=16, choices=Basis.choices)
    recipient = SealedText()  # name, and address if known
    description = SealedText()
    purpose = SealedText()
    accountable = models.BooleanField(default=True)
    source_id = models.UUIDField(null=True)  # the incident it was written from
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["client", "-on"])]
        constraints = [
            models.CheckConstraint(condition=Q(basis__in=["impermissible"]), name="basis_known"),
            models.UniqueConstraint(fields=["client", "source_id"], name="disclosed_once_a_source"),
        ]

    class Privacy:
        open = ["id", "version", "client", "on", "basis", "accountable", "source_id", "made_by", "made_at"]
        sealed = ["recipient", "description", "purpose"]

    def __str__(self) -> str:
        return f"disclosure {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)
