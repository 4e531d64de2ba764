"""Threads: one person of the portal and the care team (or the office) write to each other. What was sent never changes."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit import clock
from clients.models import Codename
from vault.fields import SealedBytes, SealedJSON, SealedModel, SealedText
from vault.keys import Keyhole

PIECE = 1024 * 1024  # bytes sealed at a time
STEP = 64 * 1024  # what room is counted in: the size itself is sealed


class Thread(models.Model):
    """What one person and the practice write to each other about one client. There is one of each kind, and nobody else's is in it.

    The two parents of one child have one each; the child's own is another. Each is sealed with a key of its own.
    """

    class Kind(models.TextChoices):
        CARE = "care", "care"
        OFFICE = "office", "appointments and bills"

    class Capacity(models.TextChoices):
        SELF = Codename.PORTAL_SELF, "the client"
        REPRESENT = Codename.PORTAL_REPRESENT, "representative"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="threads")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")  # an account of the portal
    capacity = models.CharField(max_length=16, choices=Capacity.choices)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=clock.now)
    last_at = models.DateTimeField(null=True)  # of the last message; without one nobody else is shown the thread
    answered_at = models.DateTimeField(null=True)  # of the practice's last message
    waiting_since = models.DateTimeField(null=True)  # the person wrote, and nobody has answered or laid it aside
    told_at = models.DateTimeField(null=True)  # when they were last written to that something waits

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "person", "capacity", "kind"], name="one_thread_of_a_kind"),
            models.CheckConstraint(condition=Q(kind__in=["care", "office"]), name="thread_kind_known"),
            models.CheckConstraint(condition=Q(capacity__in=["portal_self", "portal_represent"]), name="thread_capacity_known"),
        ]
        indexes = [
            models.Index(fields=["person"]),
            models.Index(fields=["waiting_since"], condition=Q(waiting_since__isnull=False), name="threads_waiting"),
        ]

    class Privacy:
        open = [
            "id", "client", "person", "capacity", "kind", "begun_by", "begun_at", "last_at", "answered_at", "waiting_since", "told_at",
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"thread {self.pk}"

    def keyhole(self) -> Keyhole:
        """One key for each person and kind: who represents a client holds none that opens another's thread."""
        return Keyhole(self.client_id, "messages" if self.kind == self.Kind.CARE else "office", self.person_id)

    @property
    def is_own(self) -> bool:
        """Whether the client themself writes in it."""
        return self.capacity == self.Capacity.SELF

    @property
    def trail_label(self) -> str:
        """Another name for a representative's: the client, who reads who opened their record, learns of none there."""
        return "messaging.thread" if self.is_own else "messaging.represented"


class _OfThread(SealedModel):
    """A row of a thread: its lines on the trail are the thread's (``root``), and so is its key."""

    class Meta:
        abstract = True

    @property
    def root(self) -> Thread:
        """The thread."""
        raise NotImplementedError

    def keyhole(self) -> Keyhole:
        return self.root.keyhole()

    @property
    def trail_label(self) -> str:
        """The thread's."""
        return self.root.trail_label

    @property
    def trail_id(self) -> Any:
        """The thread's."""
        return self.root.pk


class Message(_OfThread):
    """A message, as it was sent. A mistake is followed by another message."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="messages")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_staff = models.BooleanField()
    text = SealedText()
    attached = models.PositiveSmallIntegerField(default=0)  # how many files went along; no more can join
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["thread", "-sent_at"])]

    class Privacy:
        open = ["id", "version", "client", "thread", "sender", "by_staff", "attached", "sent_at"]
        sealed = ["text"]

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def root(self) -> Thread:
        """The thread."""
        return self.thread


class Draft(_OfThread):
    """What somebody has begun to write in a thread, and nobody else sees. Emptied when it is sent; its version goes on."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = SealedText()
    saved_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "author"], name="one_draft_each")]

    class Privacy:
        open = ["id", "version", "client", "thread", "author", "saved_at"]
        sealed = ["text"]

    def __str__(self) -> str:
        return f"draft of a message {self.pk}"

    @property
    def root(self) -> Thread:
        """The thread."""
        return self.thread


class Attachment(_OfThread):
    """A file that went along with a message, cleaned before it was kept, and as final as the message."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    position = models.PositiveSmallIntegerField()
    about = SealedJSON()  # name (the file's own), sort (pdf, png, jpeg, webp, text), size (bytes)
    room = models.PositiveIntegerField()
    mark = models.BinaryField()  # keyed fingerprint of names and bytes

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["message", "position"], name="one_attachment_in_each_place")]

    class Privacy:
        open = ["id", "version", "client", "message", "position", "room", "mark"]
        sealed = ["about"]

    def __str__(self) -> str:
        return f"attachment {self.pk}"

    @property
    def root(self) -> Thread:
        """The thread."""
        return self.message.root

    @property
    def name(self) -> str:
        """What the file was called where it came from. Shown, never used as a name of anything."""
        return str(self.about.get("name", ""))

    @property
    def sort(self) -> str:
        """pdf, png, jpeg, webp or text."""
        return str(self.about.get("sort", ""))

    @property
    def size(self) -> int:
        """Bytes, as kept."""
        return int(self.about.get("size", 0))


class AttachmentPiece(_OfThread):
    """A piece of an attachment's bytes."""

    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="pieces")
    position = models.PositiveSmallIntegerField()
    content = SealedBytes()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["attachment", "position"], name="one_piece_of_an_attachment_in_each_place")]

    class Privacy:
        open = ["id", "version", "attachment", "position"]
        sealed = ["content"]

    def __str__(self) -> str:
        return f"attachment piece {self.pk}"

    @property
    def root(self) -> Thread:
        """The thread."""
        return self.attachment.root

    @property
    def client_id(self) -> Any:
        """The client whose record this is, under the name the trail looks for."""
        return self.attachment.client_id


class Filed(models.Model):
    """A message was filed to the record: by whom, when, and in which document there (its id; that room is further right)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="filed")
    document = models.UUIDField()
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(default=clock.now)

    class Privacy:
        open = ["id", "client", "message", "document", "filed_by", "filed_at"]

    def __str__(self) -> str:
        return f"filing {self.pk}"
