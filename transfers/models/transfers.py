"""A client is offered to another counselor, who accepts or not."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from audit import clock
from clients.models.team import REASONS, TRANSFERS, WITHHELD
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

COMPARTMENT = "transfer"  # for the care team, admins, and whom the client is offered to: they have no other key of this client


class Transfer(SealedModel):
    """An offer. Until it is accepted the receiver knows the code, the reason and the scope, and no name; ended, it is final.

    ``code`` is the client's, kept here because the client's own row is out of the receiver's sight.
    """

    class Told(models.TextChoices):
        NOT_YET = "not_yet", "not yet"
        TOLD = "told", "told"
        AGREES = "agrees", "told, and agrees in writing"
        UNTOLD = "untold", "cannot be told"

    class How(models.TextChoices):
        PERSON = "person", "in person"
        REMOTE = "remote", "by phone or video"
        WRITING = "writing", "in writing"

    class Outcome(models.TextChoices):
        OPEN = "", "waiting for an answer"
        ACCEPTED = "accepted", "accepted"
        DECLINED = "declined", "declined"
        WITHDRAWN = "withdrawn", "withdrawn"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=10, choices=[(code, REASONS[code]) for code in TRANSFERS])
    reason = SealedText()
    withheld = ArrayField(models.CharField(max_length=10, choices=WITHHELD), default=list, blank=True)
    ends_on = models.DateField()  # the last day on which the former team may open the record
    told = models.CharField(max_length=7, choices=Told.choices, default=Told.NOT_YET)
    told_on = models.DateField(null=True)
    told_how = models.CharField(max_length=7, choices=How.choices, blank=True, default="")
    told_words = SealedText()  # what the client said to it, or why they cannot be told
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True, default="")
    answer = SealedText()  # why it was declined
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["client", "-asked_at"]),
            models.Index(fields=["to"], condition=Q(outcome=""), name="transfers_offered"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["client"], condition=Q(outcome=""), name="one_open_transfer_each"),
            models.CheckConstraint(condition=~Q(to=F("asked_by")), name="nobody_offers_to_themself"),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at=None, ended_by=None)
                | (~Q(outcome="") & Q(ended_at__isnull=False, ended_by__isnull=False)),
                name="transfer_ended_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(outcome="accepted") | ~Q(told="not_yet"), name="accepted_once_the_client_is_told"),
            models.CheckConstraint(condition=Q(told__in=["not_yet", "untold"]) | Q(told_on__isnull=False), name="told_on_a_day"),
        ]

    class Privacy:
        open = [
            "id", "version", "client", "code", "to", "ground", "withheld", "ends_on", "told", "told_on", "told_how", "asked_by", "asked_at",
            "outcome", "ended_by", "ended_at",
        ]  # fmt: skip
        sealed = ["reason", "told_words", "answer"]

    def __str__(self) -> str:
        return f"transfer {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return not self.outcome

    @property
    def scope(self) -> list[tuple[str, bool]]:
        """What of the record the receiver will open, and what not, in words."""
        parts = [(words, part not in self.withheld) for part, words in WITHHELD]
        return [
            ("name, contacts, consents, sessions, disclosures", True),
            *parts,
            ("psychotherapy notes (they stay with their author)", False),
        ]
