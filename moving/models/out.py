"""Moving out: who asked for a bundle, who approved it, its parts (one a client), and their bytes, sealed until they are gone."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedBytes, SealedModel, SealedText
from vault.gate import PRACTICE
from vault.keys import Keyhole

COMPARTMENT = "bundle"  # for the worker while it makes one, and for who asked until it is gone


class MoveOut(SealedModel):
    """A bundle of one client's record, or of the whole practice (``client`` None). Nothing is made before somebody else says yes."""

    class Purpose(models.TextChoices):
        OWN = "own", "our own next system or archive"
        PERSON = "person", "the client asked for it"

    class Outcome(models.TextChoices):
        OPEN = "", "waiting for a second person"
        APPROVED = "approved", "approved"
        DECLINED = "declined", "declined"
        STOPPED = "stopped", "stopped"

    client = models.ForeignKey("clients.Client", null=True, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=6, choices=Purpose.choices, default=Purpose.OWN)
    private = models.BooleanField(default=False)  # with the asker's own psychotherapy notes, kept apart (REC-1)
    reason = SealedText()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True, default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(null=True)  # parts there will be; None until the worker has begun
    made_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)  # the last moment it can be fetched
    taken = models.PositiveSmallIntegerField(default=0)
    gone_at = models.DateTimeField(null=True)  # when its bytes were destroyed

    class Meta:
        indexes = [
            models.Index(fields=["client", "-asked_at"]),
            models.Index(fields=["asked_at"], condition=Q(outcome="approved", made_at=None), name="moves_to_make"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(client__isnull=False) | Q(purpose="own", private=False), name="a_practice_moves_for_itself"),
            models.CheckConstraint(condition=~Q(outcome="approved") | ~Q(decided_by=F("asked_by")), name="nobody_approves_their_own_move"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None, decided_by=None)
                | (~Q(outcome="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="move_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(made_at=None, until=None) | Q(made_at__isnull=False, until__gt=F("made_at")), name="a_made_move_ends"
            ),
        ]

    class Privacy:
        open = [
            "id", "version", "client", "purpose", "private", "asked_by", "asked_at", "outcome", "decided_by", "decided_at", "total",
            "made_at", "until", "taken", "gone_at",
        ]  # fmt: skip
        sealed = ["reason"]

    def __str__(self) -> str:
        return f"move out {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")

    @property
    def is_ready(self) -> bool:
        """Whether it can be fetched now."""
        until: datetime.datetime | None = self.until
        return bool(until and until > clock.now() and self.outcome == self.Outcome.APPROVED and self.gone_at is None)


class MoveOutPart(SealedModel):
    """What of one client goes along (``client`` None: what frames all of it), made in the name of somebody who may read it."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        MADE = "made", "made"
        UNREAD = "unread", "left out: nobody on the care team may open all of it"
        BROKEN = "broken", "left out: something in it does not open"

    out = models.ForeignKey(MoveOut, on_delete=models.PROTECT, related_name="parts")
    client = models.ForeignKey("clients.Client", null=True, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["out", "number"], name="parts_are_numbered")]

    class Privacy:
        open = ["id", "version", "out", "client", "number", "state", "reader", "made_at"]

    def __str__(self) -> str:
        return f"part {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT) if self.client_id else Keyhole(PRACTICE, "account")


class MoveOutPiece(SealedModel):
    """A piece of a part's bytes, small enough to be sealed and sent without filling the memory."""

    part = models.ForeignKey(MoveOutPart, on_delete=models.PROTECT, related_name="pieces")
    position = models.PositiveSmallIntegerField()
    content = SealedBytes()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["part", "position"], name="one_piece_of_a_part_in_each_place")]

    class Privacy:
        open = ["id", "version", "part", "position"]
        sealed = ["content"]

    def __str__(self) -> str:
        return f"piece {self.pk}"

    def keyhole(self) -> Keyhole:
        return self.part.keyhole()

    @property
    def client_id(self) -> Any:
        """The client whose record this is, under the name the trail looks for."""
        return self.part.client_id
