"""The agreement of a supervisor and a supervisee: on what terms, from when, until when. It decides who opens what, by date."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from audit import clock
from supervision.law import boards
from vault.fields import SealedModel, SealedText
from vault.gate import PRACTICE
from vault.keys import Keyhole


class Agreement(SealedModel):
    """Signed by the supervisor, then by the supervisee, whose cases it opens; with the first signature its text is final.

    ``supervision`` is the relation that began by it. Ended, by a day or by somebody, it begins no other.
    """

    class Format(models.TextChoices):
        INDIVIDUAL = "individual", "individual"
        PAIRED = "paired", "paired or triadic"
        GROUP = "group", "group"

    class Ended(models.TextChoices):
        NOT = "", "not ended"
        WITHDRAWN = "withdrawn", "put away before both had signed"
        FOLLOWED = "followed", "another agreement followed"
        ENDED = "ended", "ended early"

    supervisor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    supervisee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    board = models.CharField(max_length=20)  # a key of boards.toml
    formats = ArrayField(models.CharField(max_length=10, choices=Format.choices))
    since = models.DateField()
    until = models.DateField()  # the last day
    licence_number = models.CharField(max_length=40)
    licence_state = models.CharField(max_length=2)
    licence_from = models.DateField()
    licence_until = models.DateField()
    self_employed = models.BooleanField(default=False)
    cover = SealedText()  # who is asked in an emergency, and how they are reached
    fees = SealedText()
    terms = SealedText()
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(default=clock.now)
    supervision = models.OneToOneField("practice.Supervision", null=True, on_delete=models.PROTECT, related_name="+")
    ended_as = models.CharField(max_length=9, choices=Ended.choices, blank=True, default="")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["supervisee", "until"]), models.Index(fields=["supervisor", "until"])]
        constraints = [
            models.CheckConstraint(condition=~Q(supervisor=F("supervisee")), name="nobody_agrees_with_themself"),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="agreement_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(licence_until__gte=F("licence_from")), name="licence_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(ended_as="", ended_at=None, ended_by=None)
                | (~Q(ended_as="") & Q(ended_at__isnull=False, ended_by__isnull=False)),
                name="agreement_ended_by_somebody",
            ),
        ]

    class Privacy:
        open = [
            "id", "version", "supervisor", "supervisee", "board", "formats", "since", "until", "licence_number", "licence_state",
            "licence_from", "licence_until", "self_employed", "prepared_by", "prepared_at", "supervision", "ended_as", "ended_by",
            "ended_at",
        ]  # fmt: skip
        sealed = ["cover", "fees", "terms"]

    def __str__(self) -> str:
        return f"agreement {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")  # admins keep agreements: nothing of what is said in supervision stands here

    @property
    def asked(self) -> boards.Board:
        """What its board asks."""
        return boards.boards()[self.board]

    @property
    def formats_said(self) -> str:
        """The formats in words."""
        return ", ".join(str(self.Format(each).label) for each in self.formats)

    @property
    def licence(self) -> str:
        """The supervisor's license, as clients are told it."""
        return f"license {self.licence_number}, {self.licence_state}"

    @property
    def keep_until(self) -> datetime.date:
        """The day until which the file is kept (SU-9)."""
        return boards.kept_from(self.until)


class OfAgreement(SealedModel):
    """Belongs to an agreement: under a key of that pair's own, apart from every client's; its lines are the agreement's (SU-9)."""

    trail_label = "supervision.agreement"
    agreement: models.ForeignKey[Agreement, Agreement]

    class Meta:
        abstract = True

    @property
    def trail_id(self) -> object:
        """Under which id its lines stand."""
        return self.agreement_id  # type: ignore[attr-defined]  # of the foreign key

    def keyhole(self) -> Keyhole:
        return Keyhole(self.agreement_id, COMPARTMENT)  # type: ignore[attr-defined]  # as above


COMPARTMENT = "supervision"  # for those who meet: no admin, nobody of any client's care team, no portal
