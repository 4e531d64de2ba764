"""What was done to keep the house: backups, drills and restores, each with its outcome. Counts and times, nothing of a client."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from audit import clock


class Run(models.Model):
    """One backup, drill or restore. One that was killed stays "running" for good, and counts for nothing."""

    class Kind(models.TextChoices):
        BACKUP = "backup", "backup"
        DRILL = "drill", "drill"
        RESTORE = "restore", "restore"

    class Outcome(models.TextChoices):
        RUNNING = "running", "under way"
        GOOD = "good", "good"
        FAILED = "failed", "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=20)  # of the set
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.RUNNING)
    began_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    bytes = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    # Of a drill or a restore:
    lost_seconds = models.FloatField(null=True)  # between the moment of the copy and the drill: the recovery point
    took_seconds = models.FloatField(null=True)  # the recovery time
    differing = models.IntegerField(default=0)  # tables
    lines = models.BigIntegerField(default=0)  # of the trail that were verified
    findings = models.IntegerField(default=0)
    opened = models.IntegerField(default=0)  # sealed values of the sample
    shut = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["kind", "-began_at"], name="runs_by_kind")]
        constraints = [
            models.CheckConstraint(condition=Q(outcome="running", ended_at=None) | Q(ended_at__isnull=False), name="ended_with_an_outcome"),
        ]

    class Privacy:
        open = [
            "id", "kind", "name", "outcome", "began_at", "ended_at", "bytes", "rows", "lost_seconds", "took_seconds", "differing",
            "lines", "findings", "opened", "shut",
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
