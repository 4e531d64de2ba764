"""A session: who met, when, how, and whether it took place."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole


class Session(SealedModel):
    """One appointment of a client or unit with a counselor."""

    class Modality(models.TextChoices):
        IN_PERSON = "in_person", "in person"
        VIDEO = "video", "video"
        PHONE = "phone", "phone"

    class Outcome(models.TextChoices):
        PLANNED = "planned", "planned"
        ATTENDED = "attended", "attended"
        CANCELLED = "cancelled", "cancelled in time"
        LATE = "late", "cancelled late"
        ABSENT = "absent", "did not come"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="sessions")
    counselor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    modality = models.CharField(max_length=10, choices=Modality.choices, default=Modality.IN_PERSON)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.PLANNED)
    place = SealedText()  # where the client was, if remote; which room
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(modality__in=["in_person", "video", "phone"]), name="session_modality_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=["planned", "attended", "cancelled", "late", "absent"]), name="session_outcome_known"
            ),
        ]
        indexes = [models.Index(fields=["client", "-starts_at"]), models.Index(fields=["counselor", "-starts_at"])]

    class Privacy:
        open = ["id", "version", "client", "counselor", "starts_at", "ends_at", "modality", "outcome", "created_at"]
        sealed = ["place"]

    def __str__(self) -> str:
        return f"session {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, "record")


class Participant(models.Model):
    """A person of the unit who was there. Counseling one person needs none."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="participants")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="attended")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "client"], name="participates_once")]

    class Privacy:
        open = ["id", "session", "client"]

    def __str__(self) -> str:
        return f"participant {self.pk}"
