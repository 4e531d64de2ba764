"""The end of an incident, and what it leaves to do."""

from __future__ import annotations

import uuid
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit import clock
from vault.fields import SealedText

from .incidents import Incident, OfIncident


class Closing(OfIncident):
    """With what an incident was closed: mitigation, lessons, and whether somebody of the workforce was sanctioned. Final (BR-17)."""

    class Sanction(models.TextChoices):
        NONE = "none", "Nobody of the workforce was at fault"
        TRAINED = "trained", "They were trained anew"
        SANCTIONED = "sanctioned", "They were sanctioned"
        NOT = "not", "They were not sanctioned, for the reason below"

    incident = models.OneToOneField(Incident, on_delete=models.PROTECT, related_name="closing")
    mitigation = SealedText()
    lessons = SealedText()
    sanction = models.CharField(max_length=10, choices=Sanction.choices)
    reason = SealedText()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(sanction__in=["none", "trained", "sanctioned", "not"]), name="sanction_known")]

    class Privacy:
        open = ["id", "version", "incident", "sanction", "closed_by", "closed_at"]
        sealed = ["mitigation", "lessons", "reason"]

    def __str__(self) -> str:
        return f"closing {self.pk}"


class FollowUp(models.Model):
    """A risk analysis is due because of an incident (REV-4)."""

    trail_label = "breaches.incident"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.OneToOneField(Incident, on_delete=models.PROTECT, related_name="follow_up")
    due_on = models.DateField()
    made_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False), name="followed_up_by_somebody"
            )
        ]

    class Privacy:
        open = ["id", "incident", "due_on", "made_at", "done_at", "done_by"]

    def __str__(self) -> str:
        return f"follow-up {self.pk}"

    @property
    def trail_id(self) -> UUID:
        """Under which id its lines stand."""
        return self.incident_id
