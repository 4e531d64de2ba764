"""The practice's own certificate, which every signed paper carries: it says that nothing in it changed since."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from audit import clock
from vault.fields import SealedBytes, SealedModel
from vault.gate import PRACTICE
from vault.keys import Keyhole

COMPARTMENT = "certificate"  # a key of the practice, made by consent/migrations/0005


class Certificate(SealedModel):
    """A certificate with its key; the latest one signs, earlier ones prove what they signed."""

    der = models.BinaryField()  # X.509, public
    key = SealedBytes()  # PKCS #8
    made_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]
        constraints = [models.CheckConstraint(condition=Q(until__gt=models.F("made_at")), name="certificate_dates_in_order")]

    class Privacy:
        open = ["id", "version", "der", "made_at", "until"]
        sealed = ["key"]

    def __str__(self) -> str:
        return f"certificate {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, COMPARTMENT)
