"""Notes: drafts of their author until signed, then locked for ever; corrections are signed addenda."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedJSON, SealedModel, SealedText
from vault.keys import Keyhole


class Kind(models.TextChoices):
    """What a note is. What each is made of stands in records/kinds.py."""

    PROGRESS = "progress", "progress note"
    INTAKE = "intake", "intake note"
    PLAN = "plan", "treatment plan"
    CONTACT = "contact", "contact note"
    CRISIS = "crisis", "crisis note"
    TERMINATION = "termination", "termination note"
    PSYCHOTHERAPY = "psychotherapy", "psychotherapy note"


class Format(models.TextChoices):
    """How a progress note is divided. The parts of each stand in records/kinds.py; other kinds have parts of their own."""

    GUIDED = "guided", "guided"
    SOAP = "soap", "SOAP"
    DAP = "dap", "DAP"
    BIRP = "birp", "BIRP"
    GIRP = "girp", "GIRP"
    PIRP = "pirp", "PIRP"
    FREE = "free", "free"


class Note(SealedModel):
    """A note. A psychotherapy note belongs to its author alone and is sealed with a key of their own (REC-1)."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="notes")
    session = models.ForeignKey("records.Session", null=True, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=14, choices=Kind.choices, default=Kind.PROGRESS)
    format = models.CharField(max_length=6, choices=Format.choices, default=Format.GUIDED)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notes")
    content = SealedJSON()  # part -> text; the parts of each kind and format are in records/kinds.py
    created_at = models.DateTimeField(default=clock.now)
    saved_at = models.DateTimeField(default=clock.now)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="signed_notes")
    signed_hash = models.BinaryField(null=True)  # keyed fingerprint of exactly what was shown and signed
    late_entry = models.BooleanField(default=False)  # by the server's clock, set when the note is begun
    unit = models.ForeignKey("clients.Client", null=True, on_delete=models.PROTECT, related_name="+")  # as its session's
    copied_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="copies")  # the shared part it is of
    names_cleared = models.PositiveSmallIntegerField(default=0)  # words like another member's name that its signer said are not (IC-34)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None, signed_hash=None)
                | Q(signed_at__isnull=False, signed_by=F("author"), signed_hash__isnull=False),
                name="signed_wholly_and_by_its_author",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["progress", "intake", "plan", "contact", "crisis", "termination", "psychotherapy"]),
                name="note_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="progress", format__in=[each.value for each in Format]) | (~Q(kind="progress") & Q(format="guided")),
                name="note_format_of_a_progress_note",
            ),
            models.CheckConstraint(
                condition=Q(copied_from=None) | (Q(signed_at__isnull=False, unit__isnull=False) & ~Q(kind="psychotherapy")),
                name="a_copy_is_born_signed",
            ),
            models.UniqueConstraint(fields=["copied_from", "client"], name="copied_once_to_each"),
        ]
        indexes = [
            models.Index(fields=["client", "-created_at"]),
            models.Index(fields=["author", "created_at"], condition=Q(signed_at=None), name="notes_unsigned"),
        ]

    class Privacy:
        open = [
            "id", "version", "client", "session", "kind", "format", "author", "created_at", "saved_at", "signed_at", "signed_by",
            "signed_hash", "late_entry", "unit", "copied_from", "names_cleared",
        ]  # fmt: skip
        sealed = ["content"]

    def __str__(self) -> str:
        return f"note {self.pk}"

    def keyhole(self) -> Keyhole:
        if self.kind == Kind.PSYCHOTHERAPY:
            return Keyhole(self.client_id, "psychotherapy", self.author_id)
        return Keyhole(self.client_id, "record")

    @property
    def trail_label(self) -> str:
        """A name of its own on the trail for what is its author's alone, so that others do not learn of it there."""
        return "records.psychotherapy" if self.kind == Kind.PSYCHOTHERAPY else "records.note"

    @property
    def is_signed(self) -> bool:
        """Whether the note is signed and thereby locked."""
        return self.signed_at is not None


class NoteSave(models.Model):
    """One save of a draft by its idempotency key: sent twice, it counts once."""

    key = models.UUIDField(primary_key=True)
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="saves")
    note_version = models.PositiveIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Privacy:
        open = ["key", "note", "note_version", "at"]

    def __str__(self) -> str:
        return f"save {self.pk}"


class Addendum(SealedModel):
    """A correction or addition to a signed note. Signed as it is made, and as final as the note."""

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="addenda")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="addenda")
    text = SealedText()
    signed_at = models.DateTimeField(default=clock.now)
    signed_hash = models.BinaryField()
    copied_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="copies")  # as its note's
    names_cleared = models.PositiveSmallIntegerField(default=0)  # as its note's

    class Meta:
        ordering = ["signed_at"]
        constraints = [models.UniqueConstraint(fields=["copied_from", "note"], name="addendum_copied_once_to_each")]

    class Privacy:
        open = ["id", "version", "note", "author", "signed_at", "signed_hash", "copied_from", "names_cleared"]
        sealed = ["text"]

    def __str__(self) -> str:
        return f"addendum {self.pk}"

    def keyhole(self) -> Keyhole:
        return self.note.keyhole()

    @property
    def trail_label(self) -> str:
        """As its note's."""
        return "records.psychotherapy" if self.note.kind == Kind.PSYCHOTHERAPY else "records.addendum"

    @property
    def client_id(self) -> object:
        """The client whose record this is, under the name the trail looks for."""
        return self.note.client_id
