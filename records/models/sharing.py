"""A draft that its author showed to their supervisor: a copy, as it stood, and what the supervisor says of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedJSON, SealedModel, SealedText
from vault.keys import Keyhole

from .notes import Format, Kind, Note
from .sessions import Session


class DraftShare(SealedModel):
    """What the supervisor reads in place of the draft, which stays its author's alone. Ends when the note is signed or it is taken back."""

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="shares")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    format = models.CharField(max_length=6, choices=Format.choices)
    note_version = models.PositiveIntegerField()
    content = SealedJSON()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(author=F("supervisor")), name="nobody_shares_with_themselves"),
            models.CheckConstraint(condition=~Q(kind="psychotherapy"), name="no_psychotherapy_note_is_shared"),
        ]
        indexes = [
            models.Index(fields=["note", "-shared_at"]),
            models.Index(fields=["supervisor", "shared_at"], condition=Q(until=None), name="shares_in_force"),
        ]

    class Privacy:
        open = [
            "id", "version", "note", "client", "session", "kind", "format", "note_version", "author", "supervisor", "shared_at",
            "answered_at", "until",
        ]  # fmt: skip
        sealed = ["content"]

    def __str__(self) -> str:
        return f"shared draft {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, "record")

    def as_note(self) -> Note:
        """The note as it stood, to be read and never saved: the draft itself is not the reader's to open."""
        return Note(
            pk=self.note_id, client=self.client, session=self.session, kind=self.kind, format=self.format, author=self.author,
            content=self.content, version=self.note_version,
        )  # fmt: skip


class DraftComment(SealedModel):
    """What the supervisor asks to have changed in a draft. The answer is an edit, and another look."""

    share = models.ForeignKey(DraftShare, on_delete=models.PROTECT, related_name="+")
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="draft_comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    comment = SealedText()
    asked_at = models.DateTimeField(default=clock.now)

    class Privacy:
        open = ["id", "version", "share", "note", "author", "client", "supervisor", "asked_at"]
        sealed = ["comment"]

    def __str__(self) -> str:
        return f"comment on a draft {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, "record")
