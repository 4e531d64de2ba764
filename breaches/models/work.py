"""What is to be done, and whom it concerns."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from audit import clock
from clients.models import Client
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

from .incidents import COMPARTMENT, Incident, OfIncident


class Task(SealedModel):
    """Something to do, by whom, until when. Its owner reads it, also where they do not work on the incident."""

    trail_label = "breaches.incident"  # its lines are the incident's, and hidden with it

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="tasks")
    words = SealedText()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=clock.now)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "due_on"], condition=Q(done_at=None), name="tasks_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False), name="done_by_somebody"
            )
        ]

    class Privacy:
        open = ["id", "version", "incident", "owner", "due_on", "given_by", "given_at", "done_by", "done_at"]
        sealed = ["words"]

    def __str__(self) -> str:
        return f"task {self.pk}"

    def keyhole(self) -> Keyhole:
        # A key of its own beside the incident's: whoever is given a task reads it, and no more.
        return Keyhole(self.incident_id, "task")

    @property
    def trail_id(self) -> UUID:
        """Under which id its lines stand."""
        return self.incident_id

    @property
    def is_late(self) -> bool:
        """Whether its day is over."""
        return self.done_at is None and self.due_on < clock.today()


class Outcome(OfIncident):
    """What came of a task, or why it was not needed. Final; read by its owner, too."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="outcome")
    words = SealedText()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Privacy:
        open = ["id", "version", "incident", "task", "by", "at"]
        sealed = ["words"]

    def __str__(self) -> str:
        return f"outcome {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.incident_id, "task")


class Call(OfIncident):
    """Somebody was called at once, because misuse was likely to come soon: who called, when, and what came of it (BR-10)."""

    class Outcome(models.TextChoices):
        REACHED = "reached", "reached, and told"
        MESSAGE = "message", "asked to call back, and nothing else was said"
        NOBODY = "nobody", "nobody answered"
        NOT = "not", "not called, for the reason given"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="calls")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    caller = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    words = SealedText()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(outcome__in=["reached", "message", "nobody", "not"]), name="call_outcome_known")]

    class Privacy:
        open = ["id", "version", "incident", "client", "caller", "at", "outcome", "recorded_by", "recorded_at"]
        sealed = ["words"]

    def __str__(self) -> str:
        return f"call {self.pk}"


class Affected(SealedModel):
    """A client whose data was opened, listed, exported or sent; found in the trail, by hand, or by themself. Confirmed or taken out."""

    class Source(models.TextChoices):
        TRAIL = "trail", "found in the trail"
        HAND = "hand", "added by hand"
        TOLD = "told", "reported it"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="affected")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=5, choices=Source.choices)
    acts = ArrayField(models.CharField(max_length=8), default=list)  # of the trail
    parts = ArrayField(models.CharField(max_length=40), default=list)  # what was reached, as the trail calls it
    lines = models.PositiveIntegerField(default=0)
    found_at = models.DateTimeField(default=clock.now)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    country = models.CharField(max_length=2, blank=True)
    state = models.CharField(max_length=3, blank=True)
    home_said = models.BooleanField(default=False)  # somebody said where they live; else the practice's place is assumed
    minor = models.BooleanField(default=False)
    deceased = models.BooleanField(default=False)
    words = SealedText(null=True)  # why by hand, in or out
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "affected"
        constraints = [
            models.UniqueConstraint(fields=["incident", "client"], name="affected_once"),
            models.CheckConstraint(condition=Q(confirmed_at=None) | Q(removed_at=None), name="confirmed_or_taken_out"),
        ]

    class Privacy:
        open = [
            "id", "version", "incident", "client", "source", "acts", "parts", "lines", "found_at", "first_at", "last_at", "country",
            "state", "home_said",
            "minor", "deceased", "confirmed_by", "confirmed_at", "removed_by", "removed_at",
        ]  # fmt: skip
        sealed = ["words"]

    def __str__(self) -> str:
        return f"affected {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.incident_id, COMPARTMENT)
