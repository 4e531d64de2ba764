"""A release of information: what was asked, what may leave and what was chosen; and the package, which is exactly what leaves."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit import clock
from vault.fields import SealedBytes, SealedJSON, SealedModel, SealedText
from vault.keys import Keyhole

from .accounting import Basis
from .processes import LegalProcess


class OfRecord(SealedModel):
    """Holds parts of the record, and is as secret: with the care team's key, or its author's alone where psychotherapy notes are in it."""

    class Meta:
        abstract = True

    apart: bool

    def keyhole(self) -> Keyhole:
        if self.apart:
            return Keyhole(self.client_id, "psychotherapy", self.made_by_id)  # type: ignore[attr-defined]  # each row has both
        return Keyhole(self.client_id, "record")  # type: ignore[attr-defined]  # as above

    @property
    def trail_label(self) -> str:
        """A name of its own on the trail where it is its author's alone, as such a note has."""
        return "records.psychotherapy" if self.apart else str(self._meta.label_lower)


class Release(OfRecord):
    """Somebody asked for parts of a record, or the practice sends them. Over once it was sent, or given up."""

    class End(models.TextChoices):
        SENT = "sent", "sent"
        CANCELLED = "cancelled", "given up"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="releases")
    basis = models.CharField(max_length=16, choices=Basis.choices)
    authorization = models.ForeignKey("consent.Authorization", null=True, on_delete=models.PROTECT, related_name="releases")
    process = models.ForeignKey(LegalProcess, null=True, on_delete=models.PROTECT, related_name="releases")  # the paper it answers
    recipient = SealedText()
    address = SealedText()
    purpose = SealedText()
    asked = SealedText()  # who asks, when and how
    verified = SealedText()  # how it is known that it is them, and that they may (AU-9)
    justification = SealedText()  # why it is no more than necessary (AU-8)
    details = SealedJSON()  # what the basis asks for
    chosen = SealedJSON()  # what leaves, and what is blacked out in it; see disclosures/choosing.py
    whole = models.BooleanField(default=False)  # everything that could be chosen was
    part2 = models.BooleanField(default=False)  # substance use records are in it, or may be
    apart = models.BooleanField(default=False)  # psychotherapy notes, and nothing else
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    ended_as = models.CharField(max_length=9, choices=End.choices, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["client", "-made_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(basis="authorization", authorization__isnull=False) | (~Q(basis="authorization") & Q(authorization=None)),
                name="release_rests_on_one_basis",
            ),
            models.CheckConstraint(
                condition=Q(ended_as="", ended_at=None) | (~Q(ended_as="") & Q(ended_at__isnull=False)), name="release_ended_sometime"
            ),
        ]

    class Privacy:
        open = [
            "id", "version", "client", "basis", "authorization", "process", "whole", "part2", "apart", "made_by", "made_at", "ended_as",
            "ended_at",
        ]  # fmt: skip
        sealed = ["recipient", "address", "purpose", "asked", "verified", "justification", "details", "chosen"]

    def __str__(self) -> str:
        return f"release {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it can still be worked on."""
        return not self.ended_as


class Package(OfRecord):
    """Exactly what leaves: made at the preview, and sent as it is, to the byte. Changed parts make a new one; the former is removed."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="packages")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    apart = models.BooleanField(default=False)
    pdf = SealedBytes()
    bundle = SealedBytes()  # a ZIP: the PDF, the same as JSON, documents, and a manifest with checksums
    manifest = SealedJSON()  # files: name, bytes, sha256 of each; sha256 of the bundle; a brief description
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release"], name="one_package_a_release")]

    class Privacy:
        open = ["id", "version", "release", "client", "apart", "made_by", "made_at"]
        sealed = ["pdf", "bundle", "manifest"]

    def __str__(self) -> str:
        return f"package {self.pk}"
