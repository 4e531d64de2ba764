"""A quarter that was signed, and who was told that something is late."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from audit import clock


class Quarter(models.Model):
    """The recertification of one quarter, signed off: how many grants were kept and ended, and which dormant accounts stay (REV-2)."""

    begins = models.DateField(primary_key=True)
    kept = models.PositiveIntegerField()
    ended = models.PositiveIntegerField()
    dormant = ArrayField(models.UUIDField(), default=list)  # people: whoever signed saw them, and left them open
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=clock.now)

    class Privacy:
        open = ["begins", "kept", "ended", "dormant", "signed_by", "signed_at"]

    def __str__(self) -> str:
        return f"review of the quarter from {self.begins}"


class Reminder(models.Model):
    """Somebody was told that something is late: once for each deadline, whatever stands behind it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10)
    due = models.DateTimeField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "reminder of something late"
        constraints = [models.UniqueConstraint(fields=["person", "kind", "due"], name="told_once_of_a_deadline")]

    class Privacy:
        open = ["id", "kind", "due", "person", "told_at"]

    def __str__(self) -> str:
        return f"reminder {self.pk}"
