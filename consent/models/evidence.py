"""What proves a consent: signatures, the paper that was signed, how it ended, and the chain of steps. None of it ever changes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit import clock
from vault.fields import SealedBytes, SealedJSON, SealedModel, SealedText
from vault.keys import Keyhole

from .asking import COMPARTMENT, Request, Signer


class Signature(SealedModel):
    """A signature under exactly what was shown (ES-1, ES-5, ES-6)."""

    class Method(models.TextChoices):
        """How the signer showed who they are, the weakest first."""

        IN_PERSON = "in_person", "in person, known to the counselor"
        INVITED = "invited", "invited by a link and three words told in person"
        PASSWORD = "password", "signed in with a password"
        TWO_FACTORS = "two_factors", "signed in with two factors"
        PASSKEY = "passkey", "signed in with a passkey"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="signatures")
    signer = models.OneToOneField(Signer, on_delete=models.PROTECT, related_name="signature")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )  # None: on the practice's device
    witnessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )  # who handed that over
    method = models.CharField(max_length=11, choices=Method.choices)
    name = SealedText()  # as typed
    relationship = SealedText()  # to the client, in the signer's own words; empty for oneself
    drawing = SealedText()  # of the pen, as points; empty if typed only. Belongs to this signature alone (attack 46)
    intent = SealedText()  # the sentence beside the button (ES-1)
    understanding = SealedJSON()  # what was asked, what was answered, who judged it (IC-22)
    address = SealedText()  # of the network, truncated
    voluntary = models.BooleanField()  # "I agree freely"
    electronic = models.ForeignKey("consent.ElectronicConsent", null=True, on_delete=models.PROTECT, related_name="+")  # None: in person
    shown_hash = models.BinaryField()  # equals the request's (ES-6)
    signed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["signed_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(voluntary=True), name="signed_freely"),
            models.CheckConstraint(
                condition=Q(method="in_person", user=None, witnessed_by__isnull=False)
                | Q(~Q(method="in_person"), user__isnull=False, witnessed_by=None, electronic__isnull=False),
                name="signed_by_somebody_known",
            ),
        ]

    class Privacy:
        open = [
            "id",
            "version",
            "client",
            "request",
            "signer",
            "user",
            "witnessed_by",
            "method",
            "voluntary",
            "electronic",
            "shown_hash",
            "signed_at",
        ]
        sealed = ["name", "relationship", "drawing", "intent", "understanding", "address"]

    def __str__(self) -> str:
        return f"signature {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)


class Paper(SealedModel):
    """The signed paper itself: a PDF of what was shown, asked, answered and signed, certified by the practice (ES-7)."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="paper")
    pdf = SealedBytes()
    made_at = models.DateTimeField(default=clock.now)

    class Privacy:
        open = ["id", "version", "client", "signature", "made_at"]
        sealed = ["pdf"]

    def __str__(self) -> str:
        return f"paper {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)


class Ending(SealedModel):
    """Somebody said no, or took back their yes, or it ended by itself. A reason is welcome and never needed."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="ending")
    signer = models.ForeignKey(Signer, null=True, on_delete=models.PROTECT, related_name="+")  # None: by staff or by time
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=Request.End.choices)
    reason = SealedText()
    at = models.DateTimeField(default=clock.now)

    class Privacy:
        open = ["id", "version", "client", "request", "signer", "user", "what", "at"]
        sealed = ["reason"]

    def __str__(self) -> str:
        return f"ending {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)


class Step(SealedModel):
    """One step of a request, chained to the one before by a keyed hash (consent/evidence.py).

    Each signer has a chain of their own, and the practice another: nobody's steps show to another signer.
    """

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="steps")
    signer = models.ForeignKey(Signer, null=True, on_delete=models.PROTECT, related_name="+")  # whose step; None: the practice's
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=20)  # a key of consent.evidence.WHAT
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    facts = SealedJSON()
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["request", "signer", "number"], nulls_distinct=False, name="steps_are_numbered")]

    class Privacy:
        open = ["id", "version", "client", "request", "signer", "number", "what", "user", "at", "previous", "hash"]
        sealed = ["facts"]

    def __str__(self) -> str:
        return f"step {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)
