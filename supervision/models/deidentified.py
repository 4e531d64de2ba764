"""Some notes of a client, without who it is, for a colleague and for a while."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedJSON, SealedModel, SealedText
from vault.keys import Keyhole

COMPARTMENT = "consult"  # the colleague has this key of the client and no other, and that only while the view stands


class DeidentifiedView(SealedModel):
    """Made by the counselor, shared once nothing in it looks like an identifier that nobody answered for (SU-2); then it is final.

    ``work`` is the counselor's: how far dates moved, what was kept and why. The colleague's key does not open it.
    """

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    colleague = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")  # None: of outside
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    days = models.PositiveSmallIntegerField()
    question = SealedText()
    pseudonym = SealedText()
    texts = SealedJSON()  # {"parts": [{"title", "on", "text"}]}: exactly what the colleague reads
    work = SealedJSON(compartment="record")  # {"days", "dates", "kept": [{"text", "letter", "reason"}], "notes"}
    shared_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "de-identified view"
        indexes = [models.Index(fields=["colleague", "until"]), models.Index(fields=["client", "-made_at"])]
        constraints = [
            models.CheckConstraint(condition=~Q(colleague=F("made_by")), name="nobody_consults_with_themself"),
            models.CheckConstraint(condition=Q(days__range=(1, 30)), name="a_view_stands_for_a_while"),
            models.CheckConstraint(
                condition=Q(shared_at=None, until=None) | Q(shared_at__isnull=False, until__gt=F("shared_at")), name="shared_until_a_day"
            ),
        ]

    class Privacy:
        open = ["id", "version", "client", "colleague", "made_by", "made_at", "days", "shared_at", "until", "ended_at"]
        sealed = ["question", "pseudonym", "texts", "work"]

    def __str__(self) -> str:
        return f"view {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)

    @property
    def parts(self) -> list[dict[str, Any]]:
        """What the colleague reads."""
        return list(self.texts.get("parts", []))

    @property
    def is_over(self) -> bool:
        """Whether it opens nothing any more."""
        return self.ended_at is not None or (self.until is not None and self.until <= clock.now())
