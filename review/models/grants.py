"""Recertification: each quarter somebody says of each grant whether it is still needed (REV-2)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from audit import clock
from clients.models import Client


class GrantCheck(models.Model):
    """One grant, one quarter: kept or ended, by whom. Final. The grant is named by id; its row may be given anew later."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    begins = models.DateField()  # the first day of the quarter
    grant = models.UUIDField()
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kept = models.BooleanField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "recertification of a grant"
        constraints = [models.UniqueConstraint(fields=["begins", "grant"], name="checked_once_a_quarter")]

    class Privacy:
        open = ["id", "begins", "grant", "client", "person", "kept", "checked_by", "checked_at"]

    def __str__(self) -> str:
        return f"check {self.pk}"
