"""Two rows that are one person: a pointer, and nothing that was written moves."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock

from .client import Client


class Merge(models.Model):
    """``duplicate`` is ``kept`` under another code. Each keeps its rows, its keys, its grants and its lines (ADR 0011).

    A row points straight at the one that is kept: no chains, which the policy on inserts says as well.
    """

    duplicate = models.OneToOneField(Client, primary_key=True, on_delete=models.PROTECT, related_name="merge")
    kept = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="merged")
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(duplicate=F("kept")), name="no_merge_with_itself")]

    class Privacy:
        open = ["duplicate", "kept", "merged_by", "merged_at"]

    def __str__(self) -> str:
        return f"merge of {self.pk}"
