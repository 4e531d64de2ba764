"""Until when an ended record is kept, as the job counted it; and who put off deciding about it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from audit import clock
from vault.fields import SealedJSON, SealedModel, SealedText
from vault.keys import Keyhole

from .holds import COMPARTMENT


class Standing(SealedModel):
    """``ripe``: the day is over (RET-21). The day itself is sealed, for of a minor it tells the birthday; so is its arithmetic.

    Written by the job alone, which looks again on ``look_on``.
    """

    client = models.OneToOneField("clients.Client", on_delete=models.PROTECT, related_name="standing")
    ripe = models.BooleanField()
    look_on = models.DateField()
    looked_at = models.DateTimeField(default=clock.now)
    told = SealedJSON()  # until, rule, words, arithmetic, unborn

    class Meta:
        indexes = [models.Index(fields=["-looked_at", "-id"], condition=models.Q(ripe=True), name="standings_ripe")]

    class Privacy:
        open = ["id", "version", "client", "ripe", "look_on", "looked_at"]
        sealed = ["told"]

    def __str__(self) -> str:
        return f"standing {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)

    @property
    def said(self) -> dict[str, Any]:
        """What was counted, opened."""
        found: dict[str, Any] = self.told
        return found


class Snooze(SealedModel):
    """Not before ``until``, with the reason. It is added and never changed: the latest holds."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="snoozes")
    until = models.DateField()
    reason = SealedText()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["client", "-at"])]

    class Privacy:
        open = ["id", "version", "client", "until", "by", "at"]
        sealed = ["reason"]

    def __str__(self) -> str:
        return f"snooze {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)
