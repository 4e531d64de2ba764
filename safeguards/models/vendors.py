"""Vendors, what they do for the practice, and the agreements with them (SE-18)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedBytes, SealedJSON, SealedModel, SealedText
from vault.gate import PRACTICE
from vault.keys import Keyhole


class Vendor(SealedModel):
    """Somebody outside who does something for the practice, until it ends: then what they hold comes back or is destroyed."""

    class Ending(models.TextChoices):
        RETURNED = "returned", "Returned to us"
        DESTROYED = "destroyed", "Destroyed, with a written confirmation"
        NOTHING = "nothing", "They never held anything of ours"

    name = models.CharField(max_length=80, unique=True)
    services = SealedText()
    sees_records = models.BooleanField(default=False)  # whether anything of clients reaches them: then an agreement comes first
    runs = ArrayField(models.CharField(max_length=10), default=list)  # services of the running configuration (inventory.py)
    subcontractors = SealedText(null=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)
    ended_on = models.DateField(null=True)
    ended_how = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    ended_words = SealedText(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None, ended_how="")
                | (Q(ended_on__isnull=False, ended_by__isnull=False) & Q(ended_how__in=["returned", "destroyed", "nothing"])),
                name="vendor_ended_by_somebody_and_how",
            )
        ]

    class Privacy:
        open = ["id", "version", "name", "sees_records", "runs", "added_by", "added_at", "ended_on", "ended_how", "ended_by"]
        sealed = ["services", "subcontractors", "ended_words"]

    def __str__(self) -> str:
        return f"vendor {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")


class Agreement(SealedModel):
    """A business associate contract: from when to when, and how soon they tell of a breach. Final; the next one is another row."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="agreements")
    signed_on = models.DateField()
    ends_on = models.DateField(null=True)  # null: until one of the two ends it
    breach_days = models.PositiveIntegerField()  # within how many days they tell us of a breach
    words = SealedText(null=True)
    about = SealedJSON(null=True)  # of the file: name, sort, size
    content = SealedBytes(null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["vendor", "ends_on"])]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("signed_on")), name="vendor_agreement_ends_after_start"),
            models.CheckConstraint(condition=Q(breach_days__lte=60), name="agreement_tells_of_breaches_in_time"),
        ]

    class Privacy:
        open = ["id", "version", "vendor", "signed_on", "ends_on", "breach_days", "recorded_by", "recorded_at"]
        sealed = ["words", "about", "content"]

    def __str__(self) -> str:
        return f"agreement {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")
