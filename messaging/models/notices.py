"""What left the house to a client, and what was kept from leaving: which way, by which rule. The words are in the outbox, sealed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit import clock
from clients.models import Channel, Purpose
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole


class Outgoing(models.Model):
    """One notice to one person. Handed to the outbox, refused by a rule, or stopped there since its way was closed."""

    class State(models.TextChoices):
        HANDED = "handed", "handed to the outbox"
        REFUSED = "refused", "refused"
        STOPPED = "stopped", "stopped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    representative = models.ForeignKey("clients.Representative", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    channel = models.CharField(max_length=11, choices=Channel.choices, blank=True, default="")
    state = models.CharField(max_length=7, choices=State.choices)
    ground = models.CharField(max_length=12, blank=True, default="")  # of clients.reaching.GROUNDS: why it did not leave
    notice = models.OneToOneField("practice.Notice", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")  # none: a job
    noted_at = models.DateTimeField(null=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "outgoing notice"
        indexes = [
            models.Index(fields=["client", "-at"]),
            models.Index(fields=["at"], condition=~Q(state="handed") & Q(noted_at=None), name="outgoing_unnoted"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="handed", ground="") | (~Q(state="handed") & ~Q(ground="")), name="not_left_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(noted_at=None, noted_by=None) | Q(noted_at__isnull=False, noted_by__isnull=False), name="noted_by_somebody"
            ),
        ]

    class Privacy:
        open = [
            "id", "client", "representative", "kind", "purpose", "channel", "state", "ground", "notice", "at", "by", "noted_at", "noted_by",
        ]  # fmt: skip
        sealed: list[str] = []

    def __str__(self) -> str:
        return f"outgoing notice {self.pk}"


class Override(SealedModel):
    """Somebody was in danger, and was reached by a way that was not agreed: why, and what the privacy officer found (CM-7)."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    outgoing = models.OneToOneField(Outgoing, on_delete=models.PROTECT, related_name="override")
    reason = SealedText()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    findings = SealedText(null=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "sent in danger"
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, findings__isnull=True)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False, findings__isnull=False),
                name="override_reviewed_whole",
            )
        ]

    class Privacy:
        open = ["id", "version", "client", "outgoing", "by", "at", "reviewed_by", "reviewed_at"]
        sealed = ["reason", "findings"]

    def __str__(self) -> str:
        return f"sent in danger {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, "glass")  # which those who review what was done in an emergency may open
