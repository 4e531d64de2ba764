"""One client of whoever the executor goes on for: whether they were told, and where they go."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

from .activations import Activation

COMPARTMENT = "executor"


class Case(SealedModel):
    """A line of the limited list. Made by the database for the executor alone, together with the grant; over, it is final."""

    class Told(models.TextChoices):
        NOT_YET = "", "not told yet"
        CALLED = "called", "by phone"
        WROTE = "wrote", "by mail or text message"
        LETTER = "letter", "by letter"
        MET = "met", "in person"
        UNREACHED = "unreached", "tried, not reached"

    class Onward(models.TextChoices):
        OPEN = "", "open"
        REFERRED = "referred", "referred to somebody outside"
        HANDED = "handed", "goes on with a colleague here"
        WAITS = "waits", "wants to wait"
        ENDS = "ends", "wants to go on with nobody"

    class Wish(models.TextChoices):
        UNASKED = "", "not asked"
        STAYS = "stays", "the record stays here"
        COPY = "copy", "wants a copy"
        SENT = "sent", "wants it sent to somebody"

    activation = models.ForeignKey(Activation, on_delete=models.PROTECT, related_name="cases")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    told = models.CharField(max_length=9, choices=Told.choices, blank=True, default="")
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    onward = models.CharField(max_length=8, choices=Onward.choices, blank=True, default="")
    wish = models.CharField(max_length=6, choices=Wish.choices, blank=True, default="")
    words = SealedText(null=True)  # what was said and agreed, for whoever goes on
    closed_at = models.DateTimeField(null=True)  # with the activation

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activation", "client"], name="once_on_a_list"),
            models.CheckConstraint(
                condition=Q(told="", told_at=None, told_by=None) | (~Q(told="") & Q(told_at__isnull=False, told_by__isnull=False)),
                name="told_by_somebody",
            ),
        ]

    class Privacy:
        open = ["id", "version", "activation", "client", "told", "told_at", "told_by", "onward", "wish", "closed_at"]
        sealed = ["words"]

    def __str__(self) -> str:
        return f"case {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)

    @property
    def tone(self) -> str:
        """The colour of whether they were told."""
        return {"": "wait", self.Told.UNREACHED: "warn"}.get(self.told, "good")
