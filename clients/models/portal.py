"""Invitations to the portal: a link that opens nothing by itself, and three words told in person or by phone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit import clock
from practice.limits import PORTAL_TRIES
from vault.fields import SealedModel, SealedText
from vault.gate import PRACTICE
from vault.keys import Keyhole

from .client import Client
from .contact import Representative


class PortalInvitation(SealedModel):
    """An invitation of a client, or of ``representative`` for them. Both secrets are kept as hashes; address and name while it is open.

    The address is sealed with the practice's key, as that of an account: whoever finishes it is signed in nowhere yet.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="portal_invitations")
    representative = models.ForeignKey(Representative, null=True, on_delete=models.PROTECT, related_name="+")
    secret = models.BinaryField(unique=True)  # SHA-256 of what stands in the link
    words = models.CharField(max_length=128)  # Argon2id of the three words
    by_hand = models.BooleanField()  # the link is handed over, and whoever opens it names their own address
    email = SealedText()
    name = SealedText()
    tries = models.PositiveSmallIntegerField(default=0)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["client", "-invited_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None, used_by=None) | Q(used_at__isnull=False, used_by__isnull=False), name="used_by_somebody"
            ),
            models.CheckConstraint(condition=Q(used_at=None) | Q(withdrawn_at=None), name="used_or_withdrawn"),
            models.CheckConstraint(condition=Q(tries__lte=PORTAL_TRIES), name="no_try_after_the_last"),
        ]

    class Privacy:
        open = [
            "id", "version", "client", "representative", "secret", "words", "by_hand", "tries", "invited_by", "invited_at", "expires_at",
            "used_at", "used_by", "withdrawn_at",
        ]  # fmt: skip
        sealed = ["email", "name"]

    def __str__(self) -> str:
        return f"portal invitation {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")

    @property
    def state(self) -> str:
        """ "open", "used", "withdrawn", "closed" (too many tries) or "expired"."""
        if self.used_at:
            return "used"
        if self.withdrawn_at:
            return "withdrawn"
        if self.tries >= PORTAL_TRIES:
            return "closed"
        return "open" if self.expires_at > clock.now() else "expired"


class ProxyRefusal(SealedModel):
    """Representatives are kept out of the portal: all of them, because the minor consents alone, or one, for the client's safety.

    The reason is the care team's; it stays as it was written, and ends by being lifted.
    """

    class Ground(models.TextChoices):
        ALONE = "alone", "the minor consents alone"  # IC-31, RG-12
        HARM = "harm", "it would endanger the client"  # RG-13

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="proxy_refusals")
    representative = models.ForeignKey(Representative, null=True, on_delete=models.PROTECT, related_name="refusals")  # None: everyone
    ground = models.CharField(max_length=5, choices=Ground.choices)
    reason = SealedText()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=clock.now)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ground="alone", representative=None) | Q(ground="harm", representative__isnull=False), name="refusal_says_whom"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False), name="lifted_by_somebody"
            ),
            models.UniqueConstraint(
                fields=["client", "representative"], condition=Q(lifted_at=None), nulls_distinct=False, name="refused_once_at_a_time"
            ),
        ]

    class Privacy:
        open = ["id", "version", "client", "representative", "ground", "decided_by", "decided_at", "lifted_by", "lifted_at"]
        sealed = ["reason"]

    def __str__(self) -> str:
        return f"proxy refusal {self.pk}"

    def keyhole(self) -> Keyhole:
        # Not the contact key: why somebody is kept out is the care team's to know, and nobody's who represents.
        return Keyhole(self.client_id, "record")
