"""Minors who come of age soon, or just did: what the age engine has told whom."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from .client import Client

WARNINGS = (90, 30, 7)  # days before


class ComingOfAge(models.Model):
    """A minor who comes of age at ``at``, within the first of WARNINGS. Written by the job alone; what ends, ends by its own date."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="coming_of_age")
    at = models.DateTimeField()
    warned = models.PositiveSmallIntegerField()  # the last of WARNINGS that was told
    done_at = models.DateTimeField(null=True)  # when the record was made an adult's

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(done_at=None) | Q(done_at__gte=models.F("at")), name="nobody_is_of_age_early")]

    class Privacy:
        open = ["id", "client", "at", "warned", "done_at"]

    def __str__(self) -> str:
        return f"coming of age {self.pk}"
