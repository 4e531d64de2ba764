"""Consent to electronic papers, delivery of the privacy notice, and sessions held without a consent, with the reason."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

from .asking import COMPARTMENT


class ElectronicConsent(SealedModel):
    """Somebody agrees to read and sign on screen, after six things were told and shown to work (ES-2, ES-3, ES-4)."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    disclosures = ArrayField(models.CharField(max_length=20))  # keys of consent/law/disclosures.toml, as they were shown
    edition = models.CharField(max_length=20)  # of that file: a change of what the platform needs asks anew (ES-4)
    demonstrated = SealedText()  # what the person did to show that they can read it
    given_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "user"], condition=Q(withdrawn_at=None), name="one_electronic_consent"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=models.F("given_at")), name="given_before_withdrawn"
            ),
        ]

    class Privacy:
        open = ["id", "version", "client", "user", "disclosures", "edition", "given_at", "withdrawn_at"]
        sealed = ["demonstrated"]

    def __str__(self) -> str:
        return f"electronic consent {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)


class NoticeDelivery(SealedModel):
    """The notice of privacy practices reached the client, or why not yet (NPP-1, NPP-2, NPP-3). The latest row counts."""

    class Status(models.TextChoices):
        DELIVERED = "delivered", "delivered"
        ACKNOWLEDGED = "acknowledged", "acknowledged"
        REFUSED = "refused", "acknowledgment not obtained, effort documented"
        EMERGENCY = "emergency", "put off: emergency"

    class Method(models.TextChoices):
        PORTAL = "portal", "in the portal"
        PAPER = "paper", "on paper, in person"
        POST = "post", "by post"
        MAIL = "mail", "by e-mail, as agreed"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="notice_deliveries")
    wording = models.ForeignKey("consent.Version", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=Status.choices)
    method = models.CharField(max_length=6, choices=Method.choices, blank=True)
    effort = SealedText()  # what was tried (NPP-2)
    reason = SealedText()  # why it was not obtained, or the emergency
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]

    class Privacy:
        open = ["id", "version", "client", "wording", "status", "method", "recorded_by", "at"]
        sealed = ["effort", "reason"]

    def __str__(self) -> str:
        return f"notice delivery {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)


class Override(SealedModel):
    """A session held without the consent that a rule asks for: who decided, why, and what the reviewer found."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="consent_overrides")
    rule_id = models.CharField(max_length=12)
    modality = models.CharField(max_length=10)
    starts_at = models.DateTimeField()  # of the session
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = SealedText(compartment="review")  # a key that admins hold as well: somebody else must review it
    at = models.DateTimeField(default=clock.now)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_by=None, reviewed_at=None, upheld=None)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False, upheld__isnull=False) & ~Q(reviewed_by=models.F("by")),
                name="reviewed_by_another",
            )
        ]

    class Privacy:
        open = ["id", "version", "client", "rule_id", "modality", "starts_at", "by", "at", "reviewed_by", "reviewed_at", "upheld"]
        sealed = ["reason"]

    def __str__(self) -> str:
        return f"override {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)
