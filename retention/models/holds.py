"""A legal hold: while one is open nothing of the record is destroyed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.gate import PRACTICE
from vault.keys import Keyhole

COMPARTMENT = "keeping"  # for the care team and admins: how long the record is kept, and why longer


class Hold(SealedModel):
    """On one client's record, or on all of the practice where ``client`` is None. Released, it is final (RET-22)."""

    class Ground(models.TextChoices):
        COURT = "court", "a court, a lawyer, or a claim that may come"
        BOARD = "board", "a complaint to a board or an insurer"
        INQUIRY = "inquiry", "an authority asks"
        AUDIT = "audit", "a payer's audit, or a bill that is not paid"
        ABUSE = "abuse", "abuse, suicide or violence: keep indefinitely"
        OTHER = "other", "something else"

    client = models.ForeignKey("clients.Client", null=True, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=7, choices=Ground.choices)
    reason = SealedText()
    since = models.DateField()
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=clock.now)
    release = SealedText()  # why it was released
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["client"], condition=Q(released_at=None), name="holds_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None) | Q(released_at__isnull=False, released_by__isnull=False),
                name="hold_released_by_somebody",
            ),
        ]

    class Privacy:
        open = ["id", "version", "client", "ground", "since", "placed_by", "placed_at", "released_by", "released_at"]
        sealed = ["reason", "release"]

    def __str__(self) -> str:
        return f"hold {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT) if self.client_id else Keyhole(PRACTICE, "account")

    @property
    def is_open(self) -> bool:
        """Whether it still holds."""
        return self.released_at is None
