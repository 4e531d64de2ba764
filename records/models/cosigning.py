"""Co-signature: who is asked, what they ask back, and that they signed. Rows are added and never changed (SU-6)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

from .notes import Note


class CosignRequest(models.Model):
    """A signed note waits for its supervisor: the one of the day it was signed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    note = models.OneToOneField(Note, on_delete=models.PROTECT, related_name="cosign")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cosigns")
    asked_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(author=F("supervisor")), name="nobody_cosigns_their_own")]

    class Privacy:
        open = ["id", "note", "author", "supervisor", "asked_at", "due_at"]

    def __str__(self) -> str:
        return f"co-signature asked {self.pk}"


class EditRequest(SealedModel):
    """What a supervisor asks the author to add or correct. The answer is an addendum; the supervisor never edits."""

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="edit_requests")
    supervisor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    comment = SealedText()
    asked_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["asked_at"]

    class Privacy:
        open = ["id", "version", "note", "supervisor", "asked_at"]
        sealed = ["comment"]

    def __str__(self) -> str:
        return f"edit request {self.pk}"

    def keyhole(self) -> Keyhole:
        return self.note.keyhole()

    @property
    def client_id(self) -> object:
        """The client whose record this is, under the name the trail looks for."""
        return self.note.client_id


class CoSignature(models.Model):
    """A supervisor's signature under a note of somebody else, with the fingerprint of all that was shown."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    note = models.OneToOneField(Note, on_delete=models.PROTECT, related_name="cosignature")
    supervisor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=clock.now)
    signed_hash = models.BinaryField()  # keyed: the note's signature and every addendum there was

    class Privacy:
        open = ["id", "note", "supervisor", "signed_at", "signed_hash"]

    def __str__(self) -> str:
        return f"co-signature {self.pk}"
