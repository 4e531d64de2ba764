"""A meeting of supervision: a part that all who came share, and a part for each supervisee."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedJSON, SealedModel, SealedText
from vault.keys import Keyhole

from .agreements import COMPARTMENT, Agreement


class Meeting(SealedModel):
    """When, how, and what all who came may read. Admins see that it took place and how long; never a word. Signed, it never changes."""

    class Medium(models.TextChoices):
        ROOM = "room", "in one room"
        VIDEO = "video", "by video"
        PHONE = "phone", "by phone"

    supervisor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Agreement.Format.choices)
    medium = models.CharField(max_length=5, choices=Medium.choices)
    topics = SealedText()
    saved_at = models.DateTimeField(default=clock.now)
    keep_until = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["supervisor", "-starts_at"])]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_it_starts")]

    class Privacy:
        open = ["id", "version", "supervisor", "written_by", "starts_at", "ends_at", "kind", "medium", "saved_at", "keep_until"]
        sealed = ["topics"]

    def __str__(self) -> str:
        return f"meeting {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.pk, COMPARTMENT)

    @property
    def minutes(self) -> int:
        """How long it was."""
        return round((self.ends_at - self.starts_at).total_seconds() / 60)


class OfMeeting(SealedModel):
    """A row that the supervisor and one supervisee read, and no other who came: its key names that supervisee."""

    class Meta:
        abstract = True

    def whose(self) -> Part:
        """The part it stands in."""
        raise NotImplementedError

    def keyhole(self) -> Keyhole:
        part = self.whose()
        return Keyhole(part.meeting_id, COMPARTMENT, part.supervisee_id)


class Part(OfMeeting):
    """What concerns one supervisee: cases by client code, directives, what follows, concerns."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="parts")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="parts")
    supervisee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cases = SealedJSON()  # {"codes": [...]}: codes, never a name
    directives = SealedText()
    follow_up = SealedText()
    concerns = SealedText()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "supervisee"], name="one_part_each")]

    class Privacy:
        open = ["id", "version", "meeting", "agreement", "supervisee"]
        sealed = ["cases", "directives", "follow_up", "concerns"]

    def __str__(self) -> str:
        return f"part of a meeting {self.pk}"

    def whose(self) -> Part:
        return self


class Remark(OfMeeting):
    """What either adds to a signed meeting. It is signed as it is saved, and never changes."""

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="remarks")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = SealedText()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]

    class Privacy:
        open = ["id", "version", "part", "author", "at"]
        sealed = ["text"]

    def __str__(self) -> str:
        return f"remark on a meeting {self.pk}"

    def whose(self) -> Part:
        return self.part
