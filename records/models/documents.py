"""Documents: files that hang on a client's record or on a note. Their bytes are sealed in pieces."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedBytes, SealedJSON, SealedModel, SealedText
from vault.keys import Keyhole

from .notes import Kind


class Document(SealedModel):
    """A file of the record, cleaned before it was kept. With a ``note`` it is part of that note: as secret, and as final once signed.

    Nothing of a row changes but once, when it is taken out again (``removed_at``): then bytes and names are gone, and who, when and
    why stay.
    """

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="documents")
    note = models.ForeignKey("records.Note", null=True, on_delete=models.PROTECT, related_name="documents")
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="documents")
    added_at = models.DateTimeField(default=clock.now)
    about = SealedJSON()  # title, name (the file's own), sort (pdf, png, jpeg, webp, text), size (bytes); empty once removed
    room = models.PositiveIntegerField()  # bytes it takes up in the quota, in steps of 64 KiB: the size itself is sealed
    mark = models.BinaryField()  # keyed fingerprint of the bytes, signed along with the note
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="removed_documents")
    reason = SealedText(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None, reason__isnull=True)
                | Q(removed_at__isnull=False, removed_by=F("uploader"), reason__isnull=False),
                name="removed_wholly_and_by_its_uploader",
            )
        ]
        indexes = [models.Index(fields=["client", "-added_at"])]

    class Privacy:
        open = ["id", "version", "client", "note", "uploader", "added_at", "room", "mark", "removed_at", "removed_by"]
        sealed = ["about", "reason"]

    def __str__(self) -> str:
        return f"document {self.pk}"

    def keyhole(self) -> Keyhole:
        return self.note.keyhole() if self.note else Keyhole(self.client_id, "record")

    @property
    def trail_label(self) -> str:
        """As its note's, where that is its author's alone."""
        return "records.psychotherapy" if self.note and self.note.kind == Kind.PSYCHOTHERAPY else "records.document"

    @property
    def title(self) -> str:
        """What it is called on the pages; empty once removed."""
        return str(self.about.get("title", ""))

    @property
    def name(self) -> str:
        """What the file was called where it came from. Shown, never used as a name of anything."""
        return str(self.about.get("name", ""))

    @property
    def sort(self) -> str:
        """pdf, png, jpeg, webp or text; empty once removed."""
        return str(self.about.get("sort", ""))

    @property
    def size(self) -> int:
        """Bytes, as kept."""
        return int(self.about.get("size", 0))


class DocumentPiece(SealedModel):
    """A piece of a document's bytes, small enough to be sealed and sent without filling the memory."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="pieces")
    position = models.PositiveSmallIntegerField()
    content = SealedBytes()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["document", "position"], name="one_piece_in_each_place")]

    class Privacy:
        open = ["id", "version", "document", "position"]
        sealed = ["content"]

    def __str__(self) -> str:
        return f"document piece {self.pk}"

    def keyhole(self) -> Keyhole:
        return self.document.keyhole()

    @property
    def client_id(self) -> Any:
        """The client whose record this is, under the name the trail looks for."""
        return self.document.client_id
