"""A counselor is away for some days, and somebody answers messages meanwhile."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock


class Away(models.Model):
    """Somebody is away from the first day to the last, and who covers. It opens no record to anybody: only a grant does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cover = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begins_at = models.DateTimeField()  # as the first day begins where the practice is
    ends_at = models.DateTimeField()  # as the last day ends there
    set_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)  # back before the last day, or never gone

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("begins_at")), name="away_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(person=F("cover")), name="nobody_covers_for_themself"),
        ]
        indexes = [models.Index(fields=["person", "ends_at"])]

    class Privacy:
        open = ["id", "person", "cover", "begins_at", "ends_at", "set_at", "ended_at"]

    def __str__(self) -> str:
        return f"away {self.pk}"
