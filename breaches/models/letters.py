"""The letter of a breach, who was told by it and how that is known, and what went to authorities, the media and the public."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit import clock
from vault.fields import SealedBytes, SealedText
from vault.keys import Keyhole

from .incidents import Incident, OfIncident

BLOCKS = ("happened", "kinds", "protect", "doing", "contact")


class Wording(OfIncident):
    """What the letter says, in the five blocks of 45 CFR 164.404(c). Approved it never changes; a correction is the next number (BR-7)."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="wordings")
    number = models.PositiveSmallIntegerField(default=1)
    place = models.CharField(max_length=6, blank=True)  # a state's own letter, such as "US-MA" (SB-9); else everybody's
    language = models.CharField(max_length=7, default="en")
    happened = SealedText()  # what, the day of it and of its discovery
    kinds = SealedText()  # which kinds of data
    protect = SealedText()  # what they can do to protect themselves
    doing = SealedText()  # what the practice does: looks into it, mends, prevents
    contact = SealedText()  # toll-free number, mail, web page or post address
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=clock.now)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="wordings_are_numbered"),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None) | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="wording_approved_by_somebody",
            ),
        ]

    class Privacy:
        open = ["id", "version", "incident", "number", "place", "language", "drawn_by", "drawn_at", "approved_by", "approved_at"]
        sealed = ["happened", "kinds", "protect", "doing", "contact"]

    def __str__(self) -> str:
        return f"wording {self.pk}"

    @property
    def blocks(self) -> dict[str, str]:
        """The five blocks, opened."""
        return {name: getattr(self, name) for name in BLOCKS}


class Batch(OfIncident):
    """Letters to be printed and posted together, as one PDF that the worker made."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="batches")
    number = models.PositiveSmallIntegerField()
    letters = models.PositiveSmallIntegerField()
    pdf = SealedBytes()
    made_at = models.DateTimeField(default=clock.now)
    posted_at = models.DateTimeField(null=True)
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "batches"
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="batches_are_numbered"),
            models.CheckConstraint(
                condition=Q(posted_at=None, posted_by=None) | Q(posted_at__isnull=False, posted_by__isnull=False), name="posted_by_somebody"
            ),
        ]

    class Privacy:
        open = ["id", "version", "incident", "number", "letters", "made_at", "posted_at", "posted_by"]
        sealed = ["pdf"]

    def __str__(self) -> str:
        return f"batch {self.pk}"


class Told(OfIncident):
    """What became of the notice to one person: by which way, where it stands, and the proof (BR-8, BR-16)."""

    class Way(models.TextChoices):
        POST = "post", "by post"
        PORTAL = "portal", "in the portal, with a mail that says nothing"
        KIN = "kin", "by post, to the next of kin"
        OTHER = "other", "in another way"  # substitute notice: in person, by phone, in another form

    class State(models.TextChoices):
        WAITING = "waiting", "being prepared"
        READY = "ready", "ready"
        UNREACHABLE = "unreachable", "no safe address"
        SENDING = "sending", "handed to the outbox"
        SENT = "sent", "sent"
        RETURNED = "returned", "came back"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="told")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="told")
    place = models.CharField(max_length=6, blank=True)  # of a state's own letter, which goes beside everybody's (SB-9)
    state = models.CharField(max_length=11, choices=State.choices, default=State.WAITING)
    way = models.CharField(max_length=6, choices=Way.choices, default=Way.POST)
    may_portal = models.BooleanField(default=False)  # they have an account and agreed to mail
    name = SealedText()
    address = SealedText()
    mail = SealedText()
    proof = SealedText()
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="told")
    notice = models.OneToOneField("practice.Notice", null=True, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(default=clock.now)
    prepared_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "told"
        indexes = [models.Index(fields=["client"], condition=Q(state="waiting"), name="told_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["incident", "client", "place"], name="told_once_by_each_letter"),
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="told_when"),
            models.CheckConstraint(condition=~Q(state="sending") | Q(notice__isnull=False), name="sending_has_a_notice"),
        ]

    class Privacy:
        open = [
            "id", "version", "incident", "client", "wording", "place", "state", "way", "may_portal", "batch", "notice", "planned_at",
            "prepared_at", "sent_at", "sent_by", "returned_at",
        ]  # fmt: skip
        sealed = ["name", "address", "mail", "proof"]

    def __str__(self) -> str:
        return f"told {self.pk}"


class ClientLetter(OfIncident):
    """The client's own copy: read in the portal, and by their counselor, who offers to talk about it (BR-18)."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    told = models.OneToOneField(Told, on_delete=models.PROTECT, related_name="letter")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="breach_letters")
    language = models.CharField(max_length=7, default="en")
    text = SealedText()
    made_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    offered_at = models.DateTimeField(null=True)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["client", "-sent_at"])]

    class Privacy:
        open = ["id", "version", "incident", "told", "client", "language", "made_at", "sent_at", "offered_at", "offered_by"]
        sealed = ["text"]

    def __str__(self) -> str:
        return f"letter {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, "contact")


class Draft(OfIncident):
    """What goes to an authority, HHS, the media or the public: filled in from the facts, changed by hand, kept as it was sent."""

    class Kind(models.TextChoices):
        HHS = "hhs", "HHS"
        REGULATOR = "regulator", "a state"
        AUTHORITY = "authority", "a data protection authority"
        AGENCIES = "agencies", "the consumer reporting agencies"
        MEDIA = "media", "the media"
        SUBSTITUTE = "substitute", "the public, instead of letters"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="drafts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    whom = models.CharField(max_length=120)  # such as "the Attorney General of New York": never a person
    text = SealedText()
    proof = SealedText()
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=clock.now)
    sent_on = models.DateField(null=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateField(null=True)  # until when a substitute notice stays up: 90 days at least (BR-9)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "kind", "whom"], name="one_draft_a_recipient"),
            models.CheckConstraint(
                condition=Q(sent_on=None, sent_by=None) | Q(sent_on__isnull=False, sent_by__isnull=False), name="draft_sent_by_somebody"
            ),
        ]

    class Privacy:
        open = ["id", "version", "incident", "kind", "whom", "drawn_by", "drawn_at", "sent_on", "sent_by", "until"]
        sealed = ["text", "proof"]

    def __str__(self) -> str:
        return f"draft {self.pk}"
