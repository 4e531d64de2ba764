"""What a client asks about a line of "who opened my record", and what they are answered."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from audit import clock
from clients.models import Client
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole


class LineQuestion(SealedModel):
    """A question of the client about one line of the trail, which is named as the trail names it. Only when it was answered is added."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="line_questions")
    line = models.BigIntegerField()  # the trail points at nothing, and nothing points at it by key
    line_at = models.DateTimeField()
    act = models.CharField(max_length=8)
    part = models.CharField(max_length=40)
    about = models.UUIDField(null=True)  # who acted
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    question = SealedText()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "question about a line"
        indexes = [models.Index(fields=["client", "-asked_at"])]
        constraints = [
            models.UniqueConstraint(fields=["asked_by", "line", "line_at"], name="asked_once_about_a_line"),
        ]

    class Privacy:
        open = [
            "id", "version", "client", "line", "line_at", "act", "part", "about", "asked_by", "asked_at", "answered_at",
        ]  # fmt: skip
        sealed = ["question"]

    def __str__(self) -> str:
        return f"question {self.pk}"

    def keyhole(self) -> Keyhole:
        # A compartment of its own: between the client and the admins, who have no other key of theirs.
        return Keyhole(self.client_id, "asked")


class LineAnswer(SealedModel):
    """What the practice answered. Final from the moment it is written."""

    question = models.OneToOneField(LineQuestion, on_delete=models.PROTECT, related_name="reply")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    answer = SealedText()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "answer about a line"

    class Privacy:
        open = ["id", "version", "question", "client", "answered_by", "answered_at"]
        sealed = ["answer"]

    def __str__(self) -> str:
        return f"answer {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, "asked")

    @property
    def is_by_themself(self) -> bool:
        """Whether the very person who was asked about answered, there being nobody else."""
        return bool(self.answered_by_id == self.question.about)
