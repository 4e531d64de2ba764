"""Data keys: one per client and compartment, wrapped by the practice's master keys."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone


class DataKey(models.Model):
    """A wrapped data key. ``owner`` is a client's id or the practice's; ``holder`` the only person who may use it, if any.

    A retired key opens what it sealed and seals nothing new: its values move to the key that took its place. Of a shredded
    one the row alone is left, empty, so that what does not open any more is known for what it is and no key comes after it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.UUIDField()
    compartment = models.CharField(max_length=20)
    holder = models.UUIDField(null=True)
    wrapped = models.BinaryField()
    master = models.CharField(max_length=20)
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True)
    shredded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "compartment", "holder"],
                condition=Q(retired_at=None),
                nulls_distinct=False,
                name="one_key_per_compartment",
            ),
            models.CheckConstraint(
                condition=Q(shredded_at=None) | Q(retired_at=None, wrapped=b"", master=""), name="of_a_shredded_key_nothing_is_left"
            ),
        ]

    class Privacy:
        open = ["id", "owner", "compartment", "holder", "wrapped", "master", "created_at", "retired_at", "shredded_at"]

    def __str__(self) -> str:
        return f"data key {self.id}"
