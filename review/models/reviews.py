"""The review of safeguards: what is due when, what was found, with which evidence, and what comes of it (rulebook 13)."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit import clock
from vault.fields import SealedBytes, SealedJSON, SealedModel, SealedText
from vault.gate import PRACTICE
from vault.keys import Keyhole


class ReviewTask(SealedModel):
    """One review of one kind, due on one day. The row of the next is made with the end of this one."""

    kind = models.CharField(max_length=8)  # a rule of review/law/safeguards.toml
    due_on = models.DateField()
    planned_at = models.DateTimeField(default=clock.now)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")  # null: any admin
    begun_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    completed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    self_reviewed = models.BooleanField(default=False)  # one person is the whole practice
    findings = SealedText(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "review of safeguards"
        constraints = [
            models.UniqueConstraint(fields=["kind", "due_on"], name="one_review_of_a_kind_and_day"),
            models.UniqueConstraint(fields=["kind"], condition=Q(completed_at=None), name="one_open_review_of_a_kind"),
            models.CheckConstraint(
                condition=Q(completed_at=None, completed_by=None) | Q(completed_at__isnull=False, completed_by__isnull=False),
                name="review_completed_by_somebody",
            ),
            models.CheckConstraint(condition=Q(closed_at=None) | Q(completed_at__isnull=False), name="review_completed_before_closed"),
        ]

    class Privacy:
        open = [
            "id", "version", "kind", "due_on", "planned_at", "reviewer", "begun_at", "completed_at", "completed_by", "self_reviewed",
            "closed_at",
        ]  # fmt: skip
        sealed = ["findings"]

    def __str__(self) -> str:
        return f"review {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")


class Evidence(SealedModel):
    """What somebody (or a job) held in hand: a line, or a file, under a name that the schedule asks for. Final."""

    task = models.ForeignKey(ReviewTask, on_delete=models.PROTECT, related_name="evidence")
    key = models.CharField(max_length=20)
    words = SealedText()
    about = SealedJSON(null=True)  # of a file: name, sort, size
    content = SealedBytes(null=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")  # null: a job
    given_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = "evidence"
        indexes = [models.Index(fields=["task", "given_at"])]

    class Privacy:
        open = ["id", "version", "task", "key", "given_by", "given_at"]
        sealed = ["words", "about", "content"]

    def __str__(self) -> str:
        return f"evidence {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")


class ReviewAction(SealedModel):
    """Something that is to be done because of a review: whose it is, and by when."""

    task = models.ForeignKey(ReviewTask, on_delete=models.PROTECT, related_name="actions")
    words = SealedText()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    added_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = SealedText(null=True)

    class Meta:
        verbose_name = "action of a review"
        indexes = [models.Index(fields=["owner"], condition=Q(done_at=None), name="review_actions_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False), name="action_done_by_somebody"
            ),
        ]

    class Privacy:
        open = ["id", "version", "task", "owner", "due_on", "added_at", "done_at", "done_by"]
        sealed = ["words", "outcome"]

    def __str__(self) -> str:
        return f"action {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")

    def is_late(self, today: datetime.date) -> bool:
        """Whether its day is over."""
        return self.done_at is None and today > self.due_on
