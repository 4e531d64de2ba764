"""Somebody leaves: one row for the whole of it. What is left to do is not kept here: it is what the other rows say."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.gate import PRACTICE
from vault.keys import Keyhole


class Departure(SealedModel):
    """``person`` leaves after ``last_day``. It ends with the account's leaving date, or is called off."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    last_day = models.DateField()
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=clock.now)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    called_off = models.BooleanField(default=False)
    left = models.PositiveIntegerField(default=0)  # how many things were left when it ended
    left_words = SealedText()  # and who sees to them, and why it could not wait

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at=None), name="one_open_departure_each"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="departure_ended_by_somebody",
            ),
        ]

    class Privacy:
        open = ["id", "version", "person", "last_day", "begun_by", "begun_at", "ended_by", "ended_at", "called_off", "left"]
        sealed = ["left_words"]

    def __str__(self) -> str:
        return f"departure {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")

    @property
    def is_open(self) -> bool:
        """Whether it is under way."""
        return self.ended_at is None
