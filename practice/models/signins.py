"""Sessions, invitations and failed attempts. Secrets are stored as hashes; counters live here, not in Redis."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from audit import clock
from practice.roles import Role
from vault.fields import SealedModel, SealedText
from vault.gate import PRACTICE
from vault.keys import Keyhole

from .people import User


class SignedIn(AbstractBaseSession):
    """A session. The key is stored hashed, so that a stolen database holds no live one; its data is sealed."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="signed_in")
    began_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)
    device = models.CharField(max_length=80, blank=True)  # "Firefox on Linux", from the user agent
    address = models.GenericIPAddressField(null=True)

    class Privacy:
        open = ["session_key", "session_data", "expire_date", "user", "began_at", "seen_at", "device", "address"]

    def __str__(self) -> str:
        return "session"


class Attempt(models.Model):
    """A failed sign-in, counted per account and address. ``account`` is the keyed token of what was typed."""

    account = models.CharField(max_length=32)
    address = models.GenericIPAddressField(null=True)
    known_device = models.BooleanField(default=False)
    kind = models.CharField(max_length=12, default="password")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["account", "at"]), models.Index(fields=["address", "at"])]

    class Privacy:
        open = ["id", "account", "address", "known_device", "kind", "at"]

    def __str__(self) -> str:
        return f"attempt {self.pk}"


class Invitation(SealedModel):
    """An invitation to join the staff: a link that opening does not use up, only finishing does."""

    secret = models.BinaryField(unique=True)  # SHA-256 of the secret in the link
    email = SealedText()
    name = SealedText()
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), default=list)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    invited_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Privacy:
        open = [
            "id", "version", "secret", "roles", "invited_by", "invited_at", "expires_at", "used_at", "withdrawn_at",
        ]  # fmt: skip
        sealed = ["email", "name"]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")
