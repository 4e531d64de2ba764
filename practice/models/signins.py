"""Sessions, invitations and failed attempts. Secrets are stored as hashes; counters live here, not in Redis."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q

from audit import clock
from practice.roles import Role, in_words
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
    # Nobody, when it comes from the machine itself: the first admin of a practice (manage.py first_admin).
    invited_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="invitations")
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

    @property
    def roles_said(self) -> str:
        """The roles that wait for whoever is invited, as people say them."""
        return in_words(self.roles)

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")


class FactorReset(models.Model):
    """The removal of a lost second factor: asked for by an admin, done after a wait, off if the person uses the factor."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="factor_resets")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    ready_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("asked_by")), name="nobody_resets_their_own_factor"),
            models.CheckConstraint(condition=Q(done_at=None) | Q(cancelled_at=None), name="factor_reset_done_or_off"),
            models.CheckConstraint(condition=Q(done_at=None) | Q(done_at__gte=F("ready_at")), name="factor_reset_waits"),
            models.UniqueConstraint(fields=["person"], condition=Q(done_at=None, cancelled_at=None), name="one_open_factor_reset_each"),
        ]

    class Privacy:
        open = ["id", "person", "asked_by", "asked_at", "ready_at", "done_at", "cancelled_at"]

    def __str__(self) -> str:
        return f"factor reset {self.pk}"

    @property
    def is_closed(self) -> bool:
        """Whether it was done or stopped."""
        return self.done_at is not None or self.cancelled_at is not None

    @property
    def is_ready(self) -> bool:
        """Whether the waiting time is over."""
        return not self.is_closed and clock.now() >= self.ready_at
