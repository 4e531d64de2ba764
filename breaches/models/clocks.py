"""The clocks of an incident as they were worked out, run after run; what was done about each; and who was reminded."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

from .incidents import COMPARTMENT, Incident


class ClockRun(models.Model):
    """One working out of the clocks, and what made it; a run may find that none is left. Only ever added to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField()
    cause = models.CharField(max_length=120)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "number"], name="one_run_a_number")]

    class Privacy:
        open = ["id", "incident", "number", "cause", "at"]

    def __str__(self) -> str:
        return f"run {self.pk}"


class ClockRow(models.Model):
    """One clock of one run. The last run counts; those before stay, with what made them anew (GEN-7). Counts and places, no person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="clocks")
    run = models.PositiveIntegerField()
    cause = models.CharField(max_length=120)  # what changed
    computed_at = models.DateTimeField(default=clock.now)
    key = models.CharField(max_length=60)
    rule = models.CharField(max_length=20)
    citation = models.CharField(max_length=200)
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=20, blank=True)
    checked = models.DateField()
    edition = models.CharField(max_length=64)
    audience = models.CharField(max_length=20)
    whom = models.CharField(max_length=120)
    place = models.CharField(max_length=10, blank=True)
    started = models.DateField()
    due = models.DateTimeField()
    due_on = models.DateField()
    work_by = models.DateField()
    amber = models.DateTimeField()
    arithmetic = models.CharField(max_length=500)
    because = models.CharField(max_length=1000)
    fixed = models.BooleanField()
    earliest = models.BooleanField()
    delayed_until = models.DateField(null=True)
    note = models.CharField(max_length=1000, blank=True)
    conflict = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "run", "key", "whom"], name="one_clock_a_run")]

    class Privacy:
        open = [
            "id", "incident", "run", "cause", "computed_at", "key", "rule", "citation", "source", "mark", "checked", "edition", "audience",
            "whom", "place", "started", "due", "due_on", "work_by", "amber", "arithmetic", "because", "fixed", "earliest", "delayed_until",
            "note", "conflict",
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"clock {self.pk}"

    @property
    def is_checked(self) -> bool:
        """Whether somebody read the law it stands in; else it was written down from memory (rulebook, mark M)."""
        return not self.mark.startswith("M")


class Mark(SealedModel):
    """What was done about a clock: sent, or not required and why. The newest counts; only ever added to."""

    class State(models.TextChoices):
        SENT = "sent", "sent"
        NOT_REQUIRED = "not_required", "not required"
        OPEN = "open", "open again"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="marks")
    key = models.CharField(max_length=60)
    whom = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=State.choices)
    on = models.DateField()
    words = SealedText()  # why, or by which way and with which proof
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["incident", "-at"])]

    class Privacy:
        open = ["id", "version", "incident", "key", "whom", "state", "on", "by", "at"]
        sealed = ["words"]

    def __str__(self) -> str:
        return f"mark {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.incident_id, COMPARTMENT)


class Reminder(models.Model):
    """The officers were reminded of a clock: once when it turned amber, once when red. Written by the job alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="reminders")
    key = models.CharField(max_length=60)
    whom = models.CharField(max_length=120)
    stage = models.CharField(max_length=5)  # "amber", "red"
    due = models.DateTimeField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "key", "whom", "stage", "due"], name="reminded_once"),
            models.CheckConstraint(condition=Q(stage__in=["amber", "red"]), name="stage_known"),
        ]

    class Privacy:
        open = ["id", "incident", "key", "whom", "stage", "due", "at"]

    def __str__(self) -> str:
        return f"reminder {self.pk}"
