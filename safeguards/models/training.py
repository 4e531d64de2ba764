"""Who was trained in what, and what came of a violation by somebody who works here."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from breaches.models import Incident
from vault.fields import SealedBytes, SealedJSON, SealedModel, SealedText
from vault.gate import PRACTICE
from vault.keys import Keyhole


class Training(SealedModel):
    """Somebody was trained: they say so, and somebody else does. With both it counts, and is final (SE-15)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    course = models.CharField(max_length=20)  # a key of law/training.toml
    held_on = models.DateField()
    expires_on = models.DateField()
    given_by = SealedText(null=True)  # who taught it: a person, a school, a video
    content = SealedText(null=True)
    about = SealedJSON(null=True)  # of a certificate: name, sort, size
    certificate = SealedBytes(null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    attested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")  # the person
    attested_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    alone = models.BooleanField(default=False)  # confirmed by the person: nobody else worked here

    class Meta:
        indexes = [models.Index(fields=["person", "course", "expires_on"])]
        constraints = [
            models.CheckConstraint(condition=Q(attested_by=None) | Q(attested_by=F("person")), name="attested_by_the_person"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("person")) | Q(alone=True), name="training_confirmed_by_another"
            ),
            models.CheckConstraint(condition=Q(expires_on__gte=F("held_on")), name="training_ends_after_it_was"),
        ]

    class Privacy:
        open = [
            "id", "version", "person", "course", "held_on", "expires_on", "recorded_by", "recorded_at", "attested_by", "attested_at",
            "confirmed_by", "confirmed_at", "alone",
        ]  # fmt: skip
        sealed = ["given_by", "content", "about", "certificate"]

    def __str__(self) -> str:
        return f"training {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")

    @property
    def counts(self) -> bool:
        """Whether both have said so."""
        return self.attested_at is not None and self.confirmed_at is not None


class Sanction(SealedModel):
    """A violation by somebody who works here, and what was decided. Officers see it, and once it is decided the person (SE-14)."""

    class Decision(models.TextChoices):
        NONE = "none", "No sanction, for the reason below"
        TRAINED = "trained", "Trained anew"
        WARNED = "warned", "Warned in writing"
        LIMITED = "limited", "Access limited"
        SUSPENDED = "suspended", "Suspended"
        ENDED = "ended", "Employment or contract ended"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    violation = SealedText()
    happened_on = models.DateField()
    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    action = SealedText(null=True)  # what is done, and why
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", decided_by=None, decided_at=None)
                | Q(
                    decision__in=["none", "trained", "warned", "limited", "suspended", "ended"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="sanction_decided_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(recorded_by=F("person")), name="nobody_records_against_themself"),
            models.CheckConstraint(condition=Q(decided_by=None) | ~Q(decided_by=F("person")), name="nobody_decides_about_themself"),
        ]

    class Privacy:
        open = ["id", "version", "person", "happened_on", "incident", "recorded_by", "recorded_at", "decision", "decided_by", "decided_at"]
        sealed = ["violation", "action"]

    def __str__(self) -> str:
        return f"sanction {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")
