"""How somebody may be reached safely: which way, for what, where, when, and what was told of its risks. A change is a new row (CM-3)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

from .client import Client
from .contact import ContactPoint, Representative


class Channel(models.TextChoices):
    """By what somebody can be reached. Encrypted mail is not among them: the house has none."""

    PORTAL = "portal", "the portal"
    MAIL = "email_plain", "plain e-mail"
    SMS = "sms", "text messages"
    VOICE = "voice", "calls"
    VOICEMAIL = "voicemail", "voicemail"
    POST = "post", "post"
    VIDEO = "video", "video"
    IN_PERSON = "in_person", "in person"


class Purpose(models.TextChoices):
    """What for."""

    SCHEDULING = "scheduling", "appointments"
    BILLING = "billing", "bills"
    CLINICAL = "clinical", "counseling itself"
    CRISIS = "crisis", "a crisis"
    RECORDS = "records", "papers and records"


class Level(models.TextChoices):
    """How much a message may say (CM-4)."""

    NONE = "none", "nothing but that there is something"
    MINIMAL = "minimal", "day and time, no more"
    FULL = "full", "what it is about"


class OfClient(SealedModel):
    """A row of contact safety: seen by the care team, the front desk and the client."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, "contact")


class SafeWay(OfClient):
    """One way to reach the client, or (of a representative) that representative. Until ``valid_to``; what is over never changes.

    ``never``: by this channel nothing is sent at all, or nothing to this address.
    """

    representative = models.ForeignKey(Representative, null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=11, choices=Channel.choices)
    point = models.UUIDField(null=True)  # the contact point, which may be gone by now; the address stays readable below
    address = SealedText()
    never = models.BooleanField(default=False)
    purposes = ArrayField(models.CharField(max_length=10, choices=Purpose.choices), default=list)
    level = models.CharField(max_length=7, choices=Level.choices, default=Level.NONE)
    days = ArrayField(models.SmallIntegerField(), default=list)  # Monday is 0; empty: every day
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)
    risks_version = models.CharField(max_length=20, blank=True, default="")
    discussed_at = models.DateTimeField(null=True)  # with whoever recorded the row of that moment
    signature = models.UUIDField(null=True)  # under the paper that says the same
    valid_from = models.DateTimeField(default=clock.now)
    valid_to = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "safe way"
        constraints = [
            models.UniqueConstraint(
                fields=["client", "representative", "channel", "point"], condition=Q(valid_to=None), nulls_distinct=False,
                name="one_word_for_each_way",
            ),
            models.CheckConstraint(condition=Q(never=False) | Q(purposes=[]), name="never_is_for_nothing"),
            models.CheckConstraint(
                condition=Q(discussed_at=None, risks_version="") | (Q(discussed_at__isnull=False) & ~Q(risks_version="")),
                name="risks_discussed_whole",
            ),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="way_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(opens=None) | Q(closes=None) | Q(closes__gt=F("opens")), name="way_closes_after_it_opens"),
        ]  # fmt: skip

    class Privacy:
        open = [
            "id", "version", "client", "representative", "channel", "point", "never", "purposes", "level", "days", "opens", "closes",
            "risks_version", "discussed_at", "signature", "valid_from", "valid_to", "recorded_by",
        ]  # fmt: skip
        sealed = ["address"]


class SafetyProfile(OfClient):
    """What holds for every way: the name to say, words to avoid, the zone of their hours, leaving quickly. A change is a new row."""

    quick_exit = models.BooleanField(default=False)
    zone = models.CharField(max_length=60, blank=True, default="")  # empty: the practice's own
    voicemail_name = SealedText()
    avoid = SealedText()  # words not to use, one a line
    session_contact = SealedText()  # whom to call when something happens in a session by video or phone
    valid_from = models.DateTimeField(default=clock.now)
    valid_to = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "safety profile"
        constraints = [models.UniqueConstraint(fields=["client"], condition=Q(valid_to=None), name="one_profile_at_a_time")]

    class Privacy:
        open = ["id", "version", "client", "quick_exit", "zone", "valid_from", "valid_to", "recorded_by"]
        sealed = ["voicemail_name", "avoid", "session_contact"]


class ReplacedAddress(OfClient):
    """An address that an accommodated request put away: from then on nothing goes there, whoever sends it (CM-5). Never changed."""

    kind = models.CharField(max_length=6, choices=ContactPoint.Kind.choices)
    address = SealedText()
    payment = SealedText()  # how payment is handled instead
    since = models.DateTimeField(default=clock.now)
    source = models.UUIDField(default=uuid.uuid4)  # the request
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "replaced address"
        verbose_name_plural = "replaced addresses"
        indexes = [models.Index(fields=["client", "-since"])]

    class Privacy:
        open = ["id", "version", "client", "kind", "since", "source", "recorded_by"]
        sealed = ["address", "payment"]


class AddressCode(OfClient):
    """A code on its way to an address, to be said back: so it is known that it is theirs (CM-6)."""

    point = models.UUIDField()
    code = models.CharField(max_length=128)  # hashed as a password is
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(default=clock.now)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "address code"

    class Privacy:
        open = ["id", "version", "client", "point", "code", "tries", "sent_at", "sent_by", "used_at"]
        sealed: list[str] = []
