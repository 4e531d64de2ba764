"""Records opened in an emergency (break-glass), and what somebody else found about each."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

from .client import Client

COMPARTMENT = "glass"  # reasons and findings: for whoever may open in an emergency, the care team and admins; never a portal


class BreakGlass(SealedModel):
    """One opening: by whom, why, until when. The grant (codename cover) opens the record; this row says why it was there.

    Nothing of it changes but that it ended early.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="emergencies")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="emergencies")
    reason = SealedText()
    opened_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # before its time: by the person, by the team, or with a role
    review_due = models.DateTimeField()
    tells_client = models.BooleanField(default=True)
    untold_reason = SealedText()

    class Meta:
        verbose_name = "opening in an emergency"
        indexes = [models.Index(fields=["client", "-opened_at"]), models.Index(fields=["user", "until"])]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("opened_at")), name="glass_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__lte=F("until")), name="glass_ends_early_or_by_itself"),
        ]

    class Privacy:
        open = ["id", "version", "client", "user", "opened_at", "until", "ended_at", "review_due", "tells_client"]
        sealed = ["reason", "untold_reason"]

    def __str__(self) -> str:
        return f"opening {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)

    @property
    def over_at(self) -> Any:
        """When it ended, or will."""
        return self.ended_at or self.until

    @property
    def is_over(self) -> bool:
        """Whether it opens nothing any more."""
        return bool(self.over_at <= clock.now())

    @property
    def review_day(self) -> Any:
        """The last moment of the day by whose end somebody must have reviewed it: what is due at midnight is due the day before."""
        return self.review_due - datetime.timedelta(seconds=1)

    @property
    def is_late(self) -> bool:
        """Whether the review should have been there by now."""
        return self.review_due <= clock.now()


def opened_with(row: BreakGlass, rows: QuerySet[BreakGlass]) -> QuerySet[BreakGlass]:
    """Those of ``rows`` that were opened of the same person in the same act as ``row``."""
    return rows.filter(user=row.user_id, opened_at=row.opened_at).exclude(pk=row.pk)


class GlassReview(SealedModel):
    """What somebody other than the one who opened found. Final from the moment it is written."""

    glass = models.OneToOneField(BreakGlass, on_delete=models.PROTECT, related_name="review")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    findings = SealedText()
    upheld = models.BooleanField()
    opens_incident = models.BooleanField(default=False)
    tells_client = models.BooleanField(default=True)
    untold_reason = SealedText()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "review of an opening in an emergency"

    class Privacy:
        open = ["id", "version", "glass", "client", "upheld", "opens_incident", "tells_client", "reviewed_by", "reviewed_at"]
        sealed = ["findings", "untold_reason"]

    def __str__(self) -> str:
        return f"review {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)
