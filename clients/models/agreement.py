"""What a couple, family or group agreed with its counselor about its record (IC-33)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

from .client import Client


class UnitAgreement(SealedModel):
    """One agreement, added and never changed: the latest that is in force counts, and those before it are kept."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="agreements")
    who_is_client = SealedText()  # in writing, in words the members know
    secrets = SealedText()  # what they were told about what one of them says alone
    how = SealedText()  # how it was agreed: "on paper, signed by both", "said in the first session"
    shared_into_records = models.BooleanField(default=False)  # whether the shared part goes into each person's own record
    since = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["client", "-since", "-recorded_at"])]

    class Privacy:
        open = ["id", "version", "client", "shared_into_records", "since", "recorded_by", "recorded_at"]
        sealed = ["who_is_client", "secrets", "how"]

    def __str__(self) -> str:
        return f"agreement {self.pk}"

    def keyhole(self) -> Keyhole:
        # With the record, not the contact data: the front desk reads none of it.
        return Keyhole(self.client_id, "record")
