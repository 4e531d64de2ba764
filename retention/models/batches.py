"""One or several records whose destruction one person proposes and another approves; then it waits, and can be taken back."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedJSON, SealedModel, SealedText
from vault.gate import PRACTICE
from vault.keys import Keyhole

from .holds import COMPARTMENT

UNDO_DAYS = 30  # the database counts them as well (_destroying_lock.py)


class Batch(SealedModel):
    """``asked`` is the second person. Where there is none, whoever proposed names a witness or a vendor's certificate (RET-25)."""

    class Method(models.TextChoices):
        CRYPTO = "crypto", "crypto-erase: the keys are destroyed, the rows deleted"
        PAPER = "paper", "the same, and the paper shredded or pulverized"
        MEDIA = "media", "the same, and the media cleared, purged or destroyed"
        BOTH = "both", "the same, and both paper and media"

    method = models.CharField(max_length=6, choices=Method.choices)
    asked = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    outside = models.BooleanField(default=False)  # nobody else is here: a witness or a vendor instead
    witness = SealedText()
    vendor = SealedText()

    class Meta:
        indexes = [models.Index(fields=["-proposed_at"])]
        constraints = [
            models.CheckConstraint(condition=~Q(asked=F("proposed_by")), name="nobody_asks_themself_to_destroy"),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None) | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="destruction_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(outside=False, asked__isnull=False) & (Q(approved_by=None) | Q(approved_by=F("asked")))
                | Q(outside=True, asked=None) & (Q(approved_by=None) | Q(approved_by=F("proposed_by"))),
                name="two_persons_or_somebody_from_outside",
            ),
        ]

    class Privacy:
        open = ["id", "version", "method", "asked", "proposed_by", "proposed_at", "approved_by", "approved_at", "outside"]
        sealed = ["witness", "vendor"]

    def __str__(self) -> str:
        return f"batch {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")

    @property
    def due_at(self) -> datetime.datetime | None:
        """From when on it is done, unless it is taken back."""
        return self.approved_at + datetime.timedelta(days=UNDO_DAYS) if self.approved_at else None

    @property
    def waits(self) -> bool:
        """Whether anything of it is still to be approved or done."""
        return any(item.state == Item.State.WAITING for item in self.items.all())


class Item(SealedModel):
    """One record of a batch."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        STOPPED = "stopped", "stopped by a rule"
        TAKEN_BACK = "taken_back", "taken back"
        DESTROYED = "destroyed", "destroyed"

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="items")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    rules = models.CharField(max_length=40, blank=True, default="")  # what stopped it, by rule
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    told = SealedJSON()  # until when it was kept, as it was proposed
    why = SealedText()  # why it was taken back

    class Meta:
        indexes = [models.Index(fields=["batch"], condition=Q(state="waiting"), name="items_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["client"], condition=Q(state="waiting"), name="one_destruction_at_a_time"),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at=None) | ~Q(state="waiting") & Q(ended_at__isnull=False), name="item_ends_at"
            ),
            models.CheckConstraint(condition=Q(state="taken_back") ^ Q(ended_by=None), name="taken_back_by_somebody"),
        ]

    class Privacy:
        open = ["id", "version", "batch", "client", "code", "state", "rules", "ended_by", "ended_at"]
        sealed = ["told", "why"]

    def __str__(self) -> str:
        return f"item {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)
