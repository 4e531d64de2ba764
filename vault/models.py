"""Data keys: one per client and compartment, wrapped by the practice's master keys."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone


class DataKey(models.Model):
    """A wrapped data key. ``owner`` is a client's id or the practice's; ``holder`` the only person who may use it, if any."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.UUIDField()
    compartment = models.CharField(max_length=20)
    holder = models.UUIDField(null=True)
    wrapped = models.BinaryField()
    master = models.CharField(max_length=20)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "compartment", "holder"], nulls_distinct=False, name="one_key_per_compartment")
        ]

    class Privacy:
        open = ["id", "owner", "compartment", "holder", "wrapped", "master", "created_at"]

    def __str__(self) -> str:
        return f"data key {self.id}"
