"""The plan is put to use: asked by one person, released by another, stopped by whoever it is about."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.gate import PRACTICE
from vault.keys import Keyhole

from .plans import Plan


class Activation(SealedModel):
    """``executor`` goes on for ``person`` from ``opens_at`` to ``until``, unless somebody ends it before. Ended, it is final."""

    class Ground(models.TextChoices):
        DEATH = "death", "death"
        INCAPACITY = "incapacity", "illness or another incapacity"
        MISSING = "missing", "cannot be found"
        CLOSING = "closing", "the practice closes"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="activations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    executor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=10, choices=Ground.choices)
    evidence = SealedText()  # how it is known, and where the papers are that show it
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    opens_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    why_ended = SealedText(null=True)

    class Meta:
        indexes = [models.Index(fields=["executor", "until"])]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(released_at=None, ended_at=None), name="one_activation_waits_each"),
            models.CheckConstraint(condition=~Q(person=F("executor")) & ~Q(person=F("asked_by")), name="nobody_activates_for_themself"),
            models.CheckConstraint(
                condition=Q(released_by=None)
                | (~Q(released_by=F("asked_by")) & ~Q(released_by=F("executor")) & ~Q(released_by=F("person"))),
                name="released_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None, opens_at=None, until=None)
                | Q(released_at__isnull=False, released_by__isnull=False, opens_at__gt=F("released_at"), until__gt=F("opens_at")),
                name="released_whole",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="activation_ended_by_somebody",
            ),
        ]

    class Privacy:
        open = [
            "id", "version", "plan", "person", "executor", "ground", "asked_by", "asked_at", "released_by", "released_at", "opens_at",
            "until", "ended_by", "ended_at",
        ]  # fmt: skip
        sealed = ["evidence", "why_ended"]

    def __str__(self) -> str:
        return f"activation {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")

    @property
    def is_over(self) -> bool:
        """Whether somebody ended it, or its time is over."""
        return self.ended_at is not None or (self.until is not None and self.until <= clock.now())

    @property
    def is_open(self) -> bool:
        """Whether the executor may open the list now."""
        return not self.is_over and self.opens_at is not None and self.opens_at <= clock.now()

    @property
    def state(self) -> tuple[str, str]:
        """In a word, and its tone."""
        if self.is_over:
            return ("Ended", "neutral")
        if self.released_at is None:
            return ("Waits for a second person", "wait")
        return ("Open", "good") if self.is_open else ("Released, opens soon", "info")
