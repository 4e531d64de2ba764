"""The second look at a package, and its sending: handed over, or by a link that needs words told another way."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

from .accounting import COMPARTMENT, Disclosure
from .releases import Package, Release


class Look(SealedModel):
    """Another person looked at exactly this package. Where nobody else of the practice may open the record: who outside did."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="looks")
    package = models.UUIDField()  # of the package that was looked at; a new one is looked at anew
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")  # who made the release
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outside = models.BooleanField(default=False)
    passed = models.BooleanField()
    words = SealedText()  # what they say; from outside, who they are
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("made_by")) | Q(outside=True), name="nobody_looks_at_their_own_release"),
            models.UniqueConstraint(fields=["package"], name="looked_at_once"),
        ]

    class Privacy:
        open = ["id", "version", "release", "package", "client", "made_by", "by", "outside", "passed", "at"]
        sealed = ["words"]

    def __str__(self) -> str:
        return f"look {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)


class Sending(SealedModel):
    """How a package left. What it rests on was asked then; with a link it is asked again each time somebody comes to fetch it."""

    class Way(models.TextChoices):
        HANDED = "handed", "printed and handed over, posted or faxed"
        LINK = "link", "a link, and words told another way"

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="sending")
    package = models.OneToOneField(Package, on_delete=models.PROTECT, related_name="sending")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    apart = models.BooleanField(default=False)
    way = models.CharField(max_length=6, choices=Way.choices)
    where = SealedText()  # how it was handed over; or the address the link went to, if we sent it
    link = models.BinaryField(null=True, unique=True)  # SHA-256 of the secret in the link
    words = models.CharField(max_length=200, blank=True, default="")  # hashed
    until = models.DateTimeField(null=True)
    most = models.PositiveSmallIntegerField(default=0)  # times it can be fetched
    taken = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)  # wrong words in a row
    taken_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    disclosure = models.OneToOneField(Disclosure, null=True, on_delete=models.PROTECT, related_name="sending")
    notice = models.OneToOneField("practice.Notice", null=True, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way="handed", link=None, disclosure__isnull=False)
                | (Q(way="link", link__isnull=False, until__isnull=False, most__gte=1) & ~Q(words="")),
                name="sent_in_one_way",
            ),
            models.CheckConstraint(condition=Q(taken=0) | Q(disclosure__isnull=False), name="fetched_and_accounted"),
            models.CheckConstraint(condition=Q(taken__lte=F("most")), name="fetched_no_more_than_that"),
        ]

    class Privacy:
        open = [
            "id", "version", "release", "package", "client", "apart", "way", "link", "words", "until", "most", "taken", "tries", "taken_at",
            "stopped_at", "disclosure", "notice", "sent_by", "sent_at",
        ]  # fmt: skip
        sealed = ["where"]

    def __str__(self) -> str:
        return f"sending {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)


class Restriction(SealedModel):
    """The practice agreed to withhold something from somebody; it binds every later release (RG-10, RG-11)."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    whom = models.BinaryField()  # keyed token of whom it is withheld from
    recipient = SealedText()
    words = SealedText()  # what was agreed
    paid_in_full = models.BooleanField(default=False)  # the client paid out of pocket: it can never be ended by the practice (RG-10)
    agreed_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False, paid_in_full=False),
                name="restriction_ended_by_somebody",
            )
        ]

    class Privacy:
        open = ["id", "version", "client", "whom", "paid_in_full", "agreed_on", "recorded_by", "recorded_at", "ended_at", "ended_by"]
        sealed = ["recipient", "words"]

    def __str__(self) -> str:
        return f"restriction {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)
