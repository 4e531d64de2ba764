"""What a client asks of the practice, and what came of it: access, amendment, restriction, contact, complaint (section 10)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

from .requests import AccountingRequest


class RightsRequest(SealedModel):
    """One request, from receipt to the answer. Once closed it never changes; what the person says later are replies."""

    class Kind(models.TextChoices):
        ACCESS = "access", "see or copy the record"
        AMEND = "amend", "have something amended"
        RESTRICT = "restrict", "have something withheld from somebody"
        CONTACT = "contact", "be reached in another way or place"
        COMPLAINT = "complaint", "complain"

    class Form(models.TextChoices):
        ELECTRONIC = "electronic", "an electronic copy"
        PAPER = "paper", "a copy on paper"
        INSPECT = "inspect", "to look at it here"

    class Decision(models.TextChoices):
        GRANTED = "granted", "Granted"
        PARTIAL = "partial", "Granted in part"
        DENIED = "denied", "Denied"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    whom = models.CharField(max_length=14, choices=AccountingRequest.Whom.choices)
    form = models.CharField(max_length=10, choices=Form.choices, blank=True, default="")
    paid_in_full = models.BooleanField(default=False)  # from a health plan, of what was paid out of pocket (RG-10)
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")  # who wrote it in the portal
    name = SealedText()
    verified = SealedText()  # how it is known that it is them (AU-9)
    words = SealedText()  # what they ask for; never why (CM-2)
    received_on = models.DateField()
    due_on = models.DateField()
    extended_on = models.DateField(null=True)
    reasons = SealedText(null=True)  # for taking longer, once; the letter says them
    decision = models.CharField(max_length=7, choices=Decision.choices, blank=True, default="")
    ground = models.CharField(max_length=16, blank=True, default="")  # a key of law/rights.toml
    answer = SealedText(null=True)  # what the person is told
    why = SealedText(null=True)  # what the ground rests on, for the practice alone (RG-13)
    fee = models.DecimalField(max_digits=7, decimal_places=2, default=0)  # copying, supplies, postage; nothing else (RG-5)
    decided_on = models.DateField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    done = SealedText(null=True)  # how and when it was given or carried out; who was told of an amendment (RG-9)
    closed_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["client", "-received_on"]),
            models.Index(fields=["due_on"], condition=Q(closed_at=None), name="rights_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", decided_on=None, decided_by=None, answer__isnull=True)
                | (~Q(decision="") & Q(decided_on__isnull=False, decided_by__isnull=False, answer__isnull=False)),
                name="rights_decided_whole",
            ),
            models.CheckConstraint(condition=Q(decision__in=["", "granted"]) | ~Q(ground=""), name="no_denial_without_a_ground"),
            models.CheckConstraint(
                condition=Q(extended_on=None, reasons__isnull=True) | Q(extended_on__isnull=False, reasons__isnull=False),
                name="rights_longer_for_a_reason",
            ),
            models.CheckConstraint(condition=Q(closed_at=None) | (~Q(decision="") & Q(done__isnull=False)), name="rights_closed_whole"),
        ]

    class Privacy:
        open = [
            "id", "version", "client", "kind", "whom", "form", "paid_in_full", "asker", "received_on", "due_on", "extended_on", "decision",
            "ground", "fee", "decided_on", "decided_by", "closed_at", "recorded_by", "recorded_at",
        ]  # fmt: skip
        sealed = ["name", "verified", "words", "reasons", "answer", "why", "done"]

    def __str__(self) -> str:
        return f"rights request {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, "complaint" if self.kind == self.Kind.COMPLAINT else "rights")


class RightsReply(SealedModel):
    """What the person said afterwards: each once, and never changed."""

    class Kind(models.TextChoices):
        REVIEW = "review", "Asked for a review"
        DISAGREES = "disagrees", "Statement of disagreement"
        WITHDRAWN = "withdrawn", "Withdrawn"

    request = models.ForeignKey(RightsRequest, on_delete=models.PROTECT, related_name="replies")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    words = SealedText()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "kind"], name="replied_once_a_kind")]

    class Privacy:
        open = ["id", "version", "request", "client", "kind", "recorded_by", "recorded_at"]
        sealed = ["words"]

    def __str__(self) -> str:
        return f"rights reply {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, "rights")


class RightsReview(SealedModel):
    """Another licensed professional looked at a denial again (RG-4). Never changed."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "Upheld: the denial stands"
        OVERTURNED = "overturned", "Overturned: it is given after all"

    request = models.OneToOneField(RightsRequest, on_delete=models.PROTECT, related_name="review")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    words = SealedText()  # for the person
    reviewer = SealedText(null=True)  # of outside the practice: name and licence; recorded_by wrote it down
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Privacy:
        open = ["id", "version", "request", "client", "outcome", "recorded_by", "recorded_at"]
        sealed = ["words", "reviewer"]

    def __str__(self) -> str:
        return f"rights review {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, "rights")
