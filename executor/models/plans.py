"""Who goes on for a counselor, and how: one row for each edition of a plan, and who said yes to it."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from audit import clock
from executor.law import CONFIRM
from practice.models import User
from vault.fields import SealedModel, SealedText
from vault.gate import PRACTICE
from vault.keys import Keyhole

PEOPLE = [f"{part}_{what}" for part in ("custodian", "deputy") for what in ("name", "licence", "contact")]
TEXTS = ["places", "backups", "callback", "transfer", "to_clients", "to_colleagues", "to_board", "to_newspaper"]


class Part(models.TextChoices):
    """For what somebody is named."""

    CUSTODIAN = "custodian", "custodian"
    DEPUTY = "deputy", "deputy"


class Plan(SealedModel):
    """One edition of the plan of ``person``. A draft until signed, then its words are final; in force once both said yes to it,
    and until the next one is. Whoever is named has an account here, or stands in it by name alone."""

    class Opens(models.TextChoices):
        CONTACT = "contact", "how each client is reached safely"
        SESSIONS = "sessions", "the next session of each client"
        RECORD = "record", "a record, one at a time and each with a reason"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    custodian = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    custodian_name = SealedText()
    custodian_licence = SealedText()
    custodian_contact = SealedText()
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    deputy_name = SealedText()
    deputy_licence = SealedText()
    deputy_contact = SealedText()
    opens = ArrayField(models.CharField(max_length=8, choices=Opens.choices), default=list, blank=True)
    places = SealedText()  # paper, keys, devices
    backups = SealedText()  # where the key of the backups is
    callback = SealedText()  # the number that clients are asked to call
    transfer = SealedText()  # who could take which kind of client
    to_clients = SealedText()
    to_colleagues = SealedText()
    to_board = SealedText()
    to_newspaper = SealedText()
    begun_at = models.DateTimeField(default=clock.now)
    signed_at = models.DateTimeField(null=True)
    in_force_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)  # when the custodian last said that all still holds
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(signed_at=None), name="one_draft_of_a_plan_each"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(in_force_at__isnull=False, replaced_at=None), name="one_plan_in_force_each"
            ),
            models.CheckConstraint(
                condition=(Q(custodian=None) | ~Q(custodian=F("person"))) & (Q(deputy=None) | ~Q(deputy=F("person"))),
                name="nobody_is_their_own_executor",
            ),
            models.CheckConstraint(
                condition=Q(custodian=None) | Q(deputy=None) | ~Q(custodian=F("deputy")), name="custodian_is_not_deputy"
            ),
            models.CheckConstraint(
                condition=(Q(in_force_at=None) | Q(signed_at__isnull=False, confirmed_at__isnull=False))
                & (Q(replaced_at=None) | Q(signed_at__isnull=False)),
                name="plan_in_force_once_signed",
            ),
        ]

    class Privacy:
        open = [
            "id", "version", "person", "custodian", "deputy", "opens", "begun_at", "signed_at", "in_force_at", "confirmed_at",
            "replaced_at",
        ]  # fmt: skip
        sealed = [*PEOPLE, *TEXTS]

    def __str__(self) -> str:
        return f"plan {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")

    def account(self, part: str) -> User | None:
        """The account of whoever is named for ``part``, if they have one."""
        found: User | None = self.custodian if part == Part.CUSTODIAN else self.deputy
        return found

    def called(self, part: str) -> str:
        """The name of whoever is named for ``part``."""
        account = self.account(part)
        return str(account.name) if account else str(getattr(self, f"{part}_name"))

    def parts_of(self, user: User) -> list[str]:
        """For what ``user`` is named."""
        return [part for part in Part.values if getattr(self, f"{part}_id") == user.pk]

    @property
    def confirm_by(self) -> datetime.datetime | None:
        """Until when the custodian confirms it again (REV-14)."""
        return self.confirmed_at + CONFIRM if self.confirmed_at else None

    @property
    def state(self) -> tuple[str, str]:
        """In a word, and its tone."""
        due = self.confirm_by
        found = [
            (self.signed_at is None, "Draft", "neutral"),
            (self.replaced_at is not None, "Replaced", "neutral"),
            (self.in_force_at is None, "Waits for acceptance", "wait"),
            (due is not None and due <= clock.now(), "Confirmation overdue", "warn"),
        ]
        return next(((word, tone) for holds, word, tone in found if holds), ("In force", "good"))


class Acceptance(SealedModel):
    """Custodian or deputy said yes; of the custodian, each later one confirms the plan for another year. Final.

    ``by`` is they themself; for somebody without an account the counselor writes down how they said it.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="acceptances")
    part = models.CharField(max_length=9, choices=Part.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    words = SealedText()

    class Meta:
        indexes = [models.Index(fields=["plan", "at"])]

    class Privacy:
        open = ["id", "version", "plan", "part", "by", "at"]
        sealed = ["words"]

    def __str__(self) -> str:
        return f"acceptance {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")
