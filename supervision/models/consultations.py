"""Consultations: whom one asked, on what basis, what was told, what they advised, and what was decided (SU-2, SU-7, SU-8)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedJSON, SealedModel, SealedText
from vault.keys import Keyhole

from .deidentified import COMPARTMENT, DeidentifiedView


class Consultation(SealedModel):
    """A question, put to somebody. It stands as it was asked: advice is added, and the decision, and nothing of it changes."""

    class Relation(models.TextChoices):
        COLLEAGUE = "colleague", "a colleague here"
        SUPERVISOR = "supervisor", "the supervisor of this client"
        LAWYER = "lawyer", "a lawyer"
        EXPERT = "expert", "an expert from outside"

    class Basis(models.TextChoices):
        """On what they may be told what they are told."""

        DEIDENTIFIED = "deidentified", "nothing that tells who it is"
        AUTHORIZATION = "authorization", "the client signed for it"
        TREATMENT = "treatment", "they treat the client as well"
        COUNSEL = "counsel", "legal advice to the practice"
        SUPERVISOR = "supervisor", "they supervise this client's care"

    client = models.ForeignKey("clients.Client", null=True, on_delete=models.PROTECT, related_name="+")  # None: about no client, or many
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    held_on = models.DateField()
    relation = models.CharField(max_length=10, choices=Relation.choices)
    consultant = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")  # None: of outside
    basis = models.CharField(max_length=13, choices=Basis.choices)
    authorization = models.ForeignKey("consent.Authorization", null=True, on_delete=models.PROTECT, related_name="+")
    view = models.OneToOneField(DeidentifiedView, null=True, on_delete=models.PROTECT, related_name="consultation")
    serves = models.CharField(max_length=10, blank=True, default="")  # what it was needed for: a key of supervision.serving
    served = models.UUIDField(null=True)
    who = SealedText()  # name and profession
    grounds = SealedText()  # how the basis is met
    question = SealedText()
    told = SealedJSON()  # {"items": […]}: what they were told, one by one

    class Meta:
        indexes = [models.Index(fields=["client", "-asked_at"]), models.Index(fields=["serves", "served"])]
        constraints = [
            models.CheckConstraint(condition=~Q(consultant=F("asked_by")), name="nobody_consults_themself"),
            models.CheckConstraint(condition=Q(basis="authorization") | Q(authorization=None), name="signed_for_where_that_is_the_basis"),
            models.CheckConstraint(condition=~Q(basis="authorization") | Q(authorization__isnull=False), name="the_basis_is_named"),
            models.CheckConstraint(
                condition=Q(serves="", served=None) | (~Q(serves="") & Q(served__isnull=False)), name="serves_one_thing"
            ),
        ]

    class Privacy:
        open = [
            "id", "version", "client", "asked_by", "asked_at", "held_on", "relation", "consultant", "basis", "authorization", "view",
            "serves", "served",
        ]  # fmt: skip
        sealed = ["who", "grounds", "question", "told"]

    def __str__(self) -> str:
        return f"consultation {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id or self.pk, COMPARTMENT)

    @property
    def is_decided(self) -> bool:
        """Whether the decision is written down."""
        return hasattr(self, "outcome")

    @property
    def items(self) -> list[str]:
        """What they were told, one by one."""
        return list(self.told.get("items", []))

    @property
    def identified(self) -> bool:
        """Whether they were told who it is."""
        return self.basis != self.Basis.DEIDENTIFIED


class OutsidePage(SealedModel):
    """A page for a consultant of outside: a link, and words told another way. It opens once, for a while, and takes their advice."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="pages")
    client = models.ForeignKey("clients.Client", null=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()
    link = models.BinaryField(unique=True)  # SHA-256 of the secret in the link
    words = models.CharField(max_length=200)  # hashed as a password is
    tries = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    reader = models.BinaryField(null=True)  # SHA-256 of what only the page that was opened knows, to answer from it
    answered_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    where = SealedText()  # the mail address the link went to, if we sent it

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("made_at")), name="a_page_stands_for_a_while"),
            models.CheckConstraint(
                condition=Q(opened_at=None, reader=None) | Q(opened_at__isnull=False, reader__isnull=False), name="opened_once"
            ),
            models.CheckConstraint(condition=Q(answered_at=None) | Q(opened_at__isnull=False), name="answered_after_it_was_opened"),
        ]

    class Privacy:
        open = [
            "id", "version", "consultation", "client", "made_by", "made_at", "until", "link", "words", "tries", "opened_at", "reader",
            "answered_at", "stopped_at",
        ]  # fmt: skip
        sealed = ["where"]

    def __str__(self) -> str:
        return f"page {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id or self.consultation_id, COMPARTMENT)

    @property
    def is_over(self) -> bool:
        """Whether it takes nothing any more."""
        return bool(self.stopped_at or self.answered_at) or self.until <= clock.now()


class Advice(SealedModel):
    """What somebody advised, as they or whoever asked wrote it down. It never changes."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="advice")
    client = models.ForeignKey("clients.Client", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")  # who wrote it down
    page = models.OneToOneField(OutsidePage, null=True, on_delete=models.PROTECT, related_name="advice")  # they did, of outside
    at = models.DateTimeField(default=clock.now)
    text = SealedText()

    class Privacy:
        open = ["id", "version", "consultation", "client", "by", "page", "at"]
        sealed = ["text"]

    def __str__(self) -> str:
        return f"advice {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id or self.consultation_id, COMPARTMENT)

    def from_themself(self) -> Any:
        """Whether whoever was asked wrote it."""
        return self.page_id is not None or self.by_id == self.consultation.consultant_id


class Outcome(SealedModel):
    """What was decided, and why: once, and final."""

    consultation = models.OneToOneField(Consultation, on_delete=models.PROTECT, related_name="outcome")
    client = models.ForeignKey("clients.Client", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    decision = SealedText()
    rationale = SealedText()

    class Privacy:
        open = ["id", "version", "consultation", "client", "by", "at"]
        sealed = ["decision", "rationale"]

    def __str__(self) -> str:
        return f"outcome {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id or self.consultation_id, COMPARTMENT)
