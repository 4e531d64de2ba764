"""A plan gone through as if it were needed: what would work, and what would not. No client is opened for it, only counted."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from audit import clock
from vault.fields import SealedJSON, SealedModel
from vault.gate import PRACTICE
from vault.keys import Keyhole

from .plans import Plan


class Rehearsal(SealedModel):
    """What was found on one day. Final."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="rehearsals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    amiss = models.PositiveSmallIntegerField()
    findings = SealedJSON()  # [{"asked", "good", "said"}]

    class Meta:
        indexes = [models.Index(fields=["plan", "-at"])]

    class Privacy:
        open = ["id", "version", "plan", "by", "at", "amiss"]
        sealed = ["findings"]

    def __str__(self) -> str:
        return f"rehearsal {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")
