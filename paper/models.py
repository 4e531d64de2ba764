"""Locks, cabinets and keys; files of clients by label; checkouts; scans that lead to shredding. A label says nothing of anybody."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from clients.models import Client
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

COMPARTMENT = "paper"


class Lock(models.Model):
    """A lock, by the name that is on it. One with an originator is for their psychotherapy notes alone (PA-6)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=40, unique=True)
    originator = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Privacy:
        open = ["id", "name", "originator"]

    def __str__(self) -> str:
        return f"lock {self.pk}"


class Cabinet(models.Model):
    """Where paper stands. There is none without a lock (PA-1)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=40, unique=True)
    place = models.CharField(max_length=60)
    lock = models.ForeignKey(Lock, on_delete=models.PROTECT, related_name="cabinets")

    class Privacy:
        open = ["id", "name", "place", "lock"]

    def __str__(self) -> str:
        return f"cabinet {self.pk}"


class KeyHolder(models.Model):
    """Who has a key of a lock, from when to when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lock = models.ForeignKey(Lock, on_delete=models.PROTECT, related_name="holders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(default=clock.now)
    returned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lock", "person"], condition=Q(returned_at=None), name="one_key_each"),
        ]

    class Privacy:
        open = ["id", "lock", "person", "issued_at", "returned_at"]

    def __str__(self) -> str:
        return f"key {self.pk}"


class PaperFile(models.Model):
    """One file of a client's, by its label. Psychotherapy notes are a file of their own, behind a lock of their own (PA-6)."""

    class Kind(models.TextChoices):
        MAIN = "main", "client file"
        PSYCHOTHERAPY = "apart", "psychotherapy notes"

    class State(models.TextChoices):
        IN = "in", "in the cabinet"
        OUT = "out", "checked out"
        LOST = "lost", "lost"
        SCANNED = "scanned", "scanned"
        VERIFIED = "verified", "scan verified"
        DESTROYED = "destroyed", "shredded"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="paper_files")
    label = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.MAIN)
    originator = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    cabinet = models.ForeignKey(Cabinet, on_delete=models.PROTECT, related_name="files")
    state = models.CharField(max_length=9, choices=State.choices, default=State.IN)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="main", originator=None) | Q(kind="apart", originator__isnull=False), name="apart_has_an_originator"
            ),
        ]

    class Privacy:
        open = ["id", "client", "label", "kind", "originator", "cabinet", "state", "made_at"]

    def __str__(self) -> str:
        return f"paper {self.pk}"

    @property
    def trail_label(self) -> str:
        """As psychotherapy notes are, where it holds some."""
        return "records.psychotherapy" if self.kind == self.Kind.PSYCHOTHERAPY else "paper.paperfile"


class Checkout(SealedModel):
    """A file left its cabinet: who has it, what for, until when, and how it travels (PA-2). Asked first, where it leaves the house."""

    class Transport(models.TextChoices):
        BY_HAND = "hand", "by hand, within the house"
        LOCKED = "locked", "in a locked bag"

    file = models.ForeignKey(PaperFile, on_delete=models.PROTECT, related_name="checkouts")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    out_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    purpose = SealedText()
    destination = SealedText()
    transport = models.CharField(max_length=6, choices=Transport.choices)
    off_site = models.BooleanField(default=False)
    asked_at = models.DateTimeField(default=clock.now)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    out_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    in_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    condition = SealedText(null=True)  # in which state it came back

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file"], condition=Q(in_at=None), name="one_open_checkout_of_a_file"),
            models.CheckConstraint(
                condition=Q(off_site=False) | Q(out_at=None) | Q(approved_by__isnull=False, transport="locked"),
                name="off_site_approved_and_locked",
            ),
            models.CheckConstraint(condition=Q(approved_by=None) | ~Q(approved_by=F("out_by")), name="approved_by_somebody_else"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(in_at=None), name="checkouts_open")]

    class Privacy:
        open = [
            "id", "version", "file", "client", "out_by", "transport", "off_site", "asked_at", "approved_by", "out_at", "due_at", "in_at",
            "lost_at",
        ]  # fmt: skip
        sealed = ["purpose", "destination", "condition"]

    def __str__(self) -> str:
        return f"checkout {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)

    @property
    def is_overdue(self) -> bool:
        """Whether its time is over and it is not back."""
        return self.out_at is not None and self.in_at is None and clock.now() > self.due_at


class Shredding(models.Model):
    """A file that was scanned: how many pages, who looked at the scan, and who shredded the paper (PA-5). Two people."""

    file = models.OneToOneField(PaperFile, primary_key=True, on_delete=models.PROTECT, related_name="shredding")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    pages = models.PositiveIntegerField()
    scanned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    scanned_at = models.DateTimeField(default=clock.now)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)
    destroyed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(verified_by=None) | ~Q(verified_by=F("scanned_by")), name="scan_verified_by_another"),
            models.CheckConstraint(condition=Q(destroyed_by=None) | Q(verified_by__isnull=False), name="verified_before_shredded"),
        ]

    class Privacy:
        open = [
            "file", "client", "pages", "scanned_by", "scanned_at", "verified_by", "verified_at", "destroyed_by", "destroyed_at",
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"shredding of {self.pk}"
