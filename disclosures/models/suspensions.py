"""That an agency had its own disclosures kept out of the accounting for a time (ACC-7)."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

from .accounting import COMPARTMENT

ORAL = datetime.timedelta(days=30)  # as in disclosures/law/accounting.toml; the database holds to it too


class Suspension(SealedModel):
    """A health oversight agency or a law enforcement official said that knowing would be in their way: until when, and how they said it."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    whom = models.BinaryField()  # keyed token of the recipient whose entries are kept out
    agency = SealedText()
    official = SealedText()
    words = SealedText()  # the statement: what it says, or that it was said by word of mouth
    written = models.BooleanField()
    stated_on = models.DateField()
    until = models.DateField()  # that day included
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["client"], condition=Q(ended_at=None), name="suspensions_running")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("stated_on")), name="suspended_for_a_time"),
            models.CheckConstraint(condition=Q(written=True) | Q(until__lte=F("stated_on") + ORAL), name="said_aloud_for_30_days_at_most"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="suspension_ended_by_somebody",
            ),
        ]

    class Privacy:
        open = ["id", "version", "client", "whom", "written", "stated_on", "until", "recorded_by", "recorded_at", "ended_at", "ended_by"]
        sealed = ["agency", "official", "words"]

    def __str__(self) -> str:
        return f"suspension {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)
