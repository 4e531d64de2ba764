"""Devices: whose, who uses them, whether the disk is encrypted, when updates were last seen to; and their log (SE-19, REV-6)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.gate import PRACTICE
from vault.keys import Keyhole


class Device(models.Model):
    """Something that records can be reached from or kept on, by the label that is on it."""

    class Kind(models.TextChoices):
        LAPTOP = "laptop", "laptop"
        DESKTOP = "desktop", "desktop"
        PHONE = "phone", "phone"
        TABLET = "tablet", "tablet"
        SERVER = "server", "server"
        STORAGE = "storage", "disk or stick"
        OTHER = "other", "something else"

    class Disk(models.TextChoices):
        YES = "yes", "encrypted"
        NO = "no", "not encrypted"
        UNKNOWN = "unknown", "not known"

    class State(models.TextChoices):
        USED = "used", "in use"
        LOST = "lost", "lost or stolen"
        RETIRED = "retired", "retired"

    class Method(models.TextChoices):
        CLEAR = "clear", "Overwritten (clear)"
        PURGE = "purge", "Keys destroyed or purged (purge)"
        DESTROY = "destroy", "Shredded or melted (destroy)"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    label = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    system = models.CharField(max_length=60, blank=True)  # such as "Debian 13"
    owned_here = models.BooleanField(default=True)  # or somebody's own
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    disk = models.CharField(max_length=8, choices=Disk.choices, default=Disk.UNKNOWN)
    patched_on = models.DateField(null=True)  # when somebody last saw that its updates are in
    state = models.CharField(max_length=8, choices=State.choices, default=State.USED)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)
    method = models.CharField(max_length=8, choices=Method.choices, blank=True)
    retired_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    witness = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(~Q(state="retired") & Q(retired_at=None, retired_by=None, method=""))
                | (Q(state="retired", retired_at__isnull=False, retired_by__isnull=False) & Q(method__in=["clear", "purge", "destroy"])),
                name="device_retired_by_a_method",
            ),
            models.CheckConstraint(condition=Q(witness=None) | ~Q(witness=F("retired_by")), name="device_witnessed_by_another"),
        ]

    class Privacy:
        open = [
            "id", "label", "kind", "system", "owned_here", "used_by", "disk", "patched_on", "state", "added_by", "added_at",
            "method", "retired_by", "witness", "retired_at",
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"device {self.pk}"


class DeviceEntry(SealedModel):
    """One line of a device's log; only ever added to (SE-19: what moved, to whom, when)."""

    class Kind(models.TextChoices):
        ADDED = "added", "listed"
        MOVED = "moved", "given to somebody else"
        SEEN = "seen", "looked at"
        LOST = "lost", "lost or stolen"
        FOUND = "found", "found again"
        RETIRED = "retired", "retired"

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    words = SealedText(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = "device entries"
        indexes = [models.Index(fields=["device", "at"])]

    class Privacy:
        open = ["id", "version", "device", "kind", "by", "at"]
        sealed = ["words"]

    def __str__(self) -> str:
        return f"device entry {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")
