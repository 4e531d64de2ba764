"""The practice's own profile, and the signs of life of its worker and beat."""

from __future__ import annotations

from django.db import models

from vault.gate import PRACTICE


class Practice(models.Model):
    """The one practice of this installation. Doors to pages without a client hang on this row."""

    id = models.UUIDField(primary_key=True, default=PRACTICE, editable=False)
    name = models.CharField(max_length=80, default="The practice")
    timezone = models.CharField(max_length=40, default="America/Los_Angeles")
    late_after_hours = models.PositiveIntegerField(default=24)  # a note begun later than this is labelled late entry

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=PRACTICE), name="one_practice")]

    class Privacy:
        open = ["id", "name", "timezone", "late_after_hours"]

    def __str__(self) -> str:
        return "the practice"


class Heartbeat(models.Model):
    """When a part of the house last showed that it is alive."""

    part = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    class Privacy:
        open = ["part", "at"]

    def __str__(self) -> str:
        return self.part
