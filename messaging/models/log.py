"""Calls, letters and meetings outside the portal, each in a line. What is written stays; a correction is another line."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit import clock
from clients.models import Channel
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole


class ContactLine(SealedModel):
    """Who spoke with whom, in which way, when, how long, and one line of what."""

    class Direction(models.TextChoices):
        OUT = "out", "we reached them"
        TRIED = "tried", "we tried, and did not reach them"
        IN = "in", "they reached us"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=11, choices=Channel.choices)
    direction = models.CharField(max_length=5, choices=Direction.choices)
    at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(null=True)
    who = SealedText()  # with whom, if not with the client
    address = SealedText()  # the number or address, where it matters
    words = SealedText()
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "line of the contact log"
        indexes = [models.Index(fields=["client", "-at"])]
        constraints = [models.CheckConstraint(condition=Q(minutes=None) | Q(minutes__lte=1440), name="a_day_at_most")]

    class Privacy:
        open = ["id", "version", "client", "channel", "direction", "at", "minutes", "corrects", "recorded_by", "recorded_at"]
        sealed = ["who", "address", "words"]

    def __str__(self) -> str:
        return f"line of the contact log {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, "contact")
