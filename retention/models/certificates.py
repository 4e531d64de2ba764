"""What is left of a record: that it was destroyed, by which rule, by whom. No clinical content, and for good (RET-24)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedJSON, SealedModel
from vault.gate import PRACTICE
from vault.keys import Keyhole

from .batches import Batch, Item


class Certificate(SealedModel):
    """Never changed, never deleted. ``told`` is sealed with the practice's key: the client's are gone."""

    number = models.PositiveIntegerField(unique=True)
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="certificate")
    client = models.OneToOneField("clients.Client", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    rule = models.CharField(max_length=12)
    method = models.CharField(max_length=6, choices=Batch.Method.choices)
    performed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    at = models.DateTimeField(default=clock.now)
    keys = models.PositiveIntegerField()
    backups_until = models.DateField()  # the last day on which a backup may still hold the keys
    told = SealedJSON()  # kept until, arithmetic, first and last day, counts, the check of holds, witness, vendor

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(approver=F("performed_by")), name="nobody_approves_what_they_perform")]

    class Privacy:
        open = [
            "id", "version", "number", "item", "client", "code", "rule", "method", "performed_by", "approver", "approved_at", "at", "keys",
            "backups_until",
        ]  # fmt: skip
        sealed = ["told"]

    def __str__(self) -> str:
        return f"certificate {self.number}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")

    @property
    def name(self) -> str:
        """What it is called."""
        return f"D-{self.number:04d}"
