"""A payer or a promise wants a record kept longer than the law of the states does."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit import clock
from vault.fields import SealedJSON, SealedModel, SealedText
from vault.keys import Keyhole

from .holds import COMPARTMENT


class Longer(SealedModel):
    """Who pays tells of somebody's age and means, so it is sealed. It is added, and ended by an admin with a reason; then it is final."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="kept_longer")
    told = SealedJSON()  # asks: a key of law/payers.toml or "promise"; day: the end of the contract, or what was promised; why
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    why = SealedText()  # it ended

    class Meta:
        indexes = [models.Index(fields=["client"], condition=Q(ended_at=None), name="longer_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="longer_ended_by_somebody",
            ),
        ]

    class Privacy:
        open = ["id", "version", "client", "by", "at", "ended_by", "ended_at"]
        sealed = ["told", "why"]

    def __str__(self) -> str:
        return f"longer {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)

    @property
    def said(self) -> dict[str, Any]:
        """What was written down, opened."""
        found: dict[str, Any] = self.told
        return found
