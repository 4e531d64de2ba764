"""What the rules noticed in the trail, what a colleague explained, and what a person decided. Ids and labels; words are sealed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit import clock
from clients.models import Client
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole


class Signal(models.Model):
    """One rule, one person, one client (or none), one day. Noticed once, however often the job looks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rule = models.CharField(max_length=20)  # a name of review/law/signals.toml
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, null=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()  # where the practice is
    line = models.BigIntegerField()  # the line that made it one
    line_at = models.DateTimeField()
    noticed_at = models.DateTimeField(default=clock.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["day"]), models.Index(fields=["line_at"], condition=Q(decided_at=None), name="signals_open")]
        constraints = [
            models.UniqueConstraint(fields=["rule", "person", "client", "day"], nulls_distinct=False, name="noticed_once"),
            models.CheckConstraint(
                condition=Q(asked_at=None, asked_by=None) | Q(asked_at__isnull=False, asked_by__isnull=False), name="asked_by_somebody"
            ),
        ]

    class Privacy:
        open = ["id", "rule", "person", "client", "day", "line", "line_at", "noticed_at", "asked_by", "asked_at", "decided_at"]

    def __str__(self) -> str:
        return f"signal {self.pk}"


def _hole(signal: Signal) -> Keyhole:
    return Keyhole(signal.client_id or signal.person_id, "signal")


class Reply(SealedModel):
    """What a colleague who was asked said about a signal; as given."""

    signal = models.OneToOneField(Signal, on_delete=models.PROTECT, related_name="reply")
    words = SealedText()
    said_at = models.DateTimeField(default=clock.now)

    class Privacy:
        open = ["id", "version", "signal", "said_at"]
        sealed = ["words"]

    def __str__(self) -> str:
        return f"reply {self.pk}"

    def keyhole(self) -> Keyhole:
        return _hole(self.signal)


class Decision(SealedModel):
    """What somebody found about a signal; final. "Escalated" is a state that the breach workbench takes up."""

    class Outcome(models.TextChoices):
        CLOSED = "closed", "closed: nothing wrong"
        ESCALATED = "escalated", "escalated: it may be a breach or a violation"

    signal = models.OneToOneField(Signal, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    finding = SealedText()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(outcome__in=["closed", "escalated"]), name="outcome_known")]

    class Privacy:
        open = ["id", "version", "signal", "outcome", "decided_by", "decided_at"]
        sealed = ["finding"]

    def __str__(self) -> str:
        return f"decision {self.pk}"

    def keyhole(self) -> Keyhole:
        return _hole(self.signal)

    @property
    def is_by_themself(self) -> bool:
        """Whether the only admin decided about themself."""
        return bool(self.decided_by_id == self.signal.person_id)


class Month(models.Model):
    """The activity review of one month, signed off: how many signals there were, and how many went further (REV-1)."""

    begins = models.DateField(primary_key=True)
    signals = models.PositiveIntegerField()
    escalated = models.PositiveIntegerField()
    lines = models.PositiveBigIntegerField()  # the sample: every line of that month was looked through
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=clock.now)

    class Privacy:
        open = ["begins", "signals", "escalated", "lines", "signed_by", "signed_at"]

    def __str__(self) -> str:
        return f"review of {self.begins}"


class Position(models.Model):
    """How far the job has come in the trail."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    class Privacy:
        open = ["name", "at"]

    def __str__(self) -> str:
        return f"position {self.name}"
