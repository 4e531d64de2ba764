"""The care team: guardian rows that say who may open what, and the deny list that beats every one of them."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from guardian.models import UserObjectPermissionBase

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

from .client import Client


class Codename(models.TextChoices):
    """What a grant lets its holder be to the client."""

    COUNSEL = "counsel", "counselor"
    SUPERVISE = "supervise", "supervisor"
    COVER = "cover", "covering"
    EXECUTE = "execute", "executor, limited list"  # who they are and how to reach them; no part of the record
    PORTAL_SELF = "portal_self", "the client"
    PORTAL_REPRESENT = "portal_represent", "representative"


CLINICAL = [Codename.COUNSEL, Codename.SUPERVISE, Codename.COVER]
PORTAL = [Codename.PORTAL_SELF, Codename.PORTAL_REPRESENT]

# Why a grant was given, as its row keeps it, in words.
REASONS = {
    "intake": "at intake",
    "assigned": "assigned",
    "supervision": "supervises the counselor",
    "override": "chosen for this client",
    "portal": "portal access",
    "emergency": "opened in an emergency",
    "executor": "goes on for the counselor, by their plan",
    "leave": "the counselor is on leave",
    "leaving": "the counselor is leaving the practice",
    "fit": "a better fit for what is needed",
    "wish": "the client's wish",
    "workload": "workload or times",
    "conflict": "a conflict of interest",
}
WITHHELD = [("notes", "earlier notes"), ("documents", "earlier documents")]  # what a transfer may leave shut
TRANSFERS = ("wish", "fit", "leave", "leaving", "workload", "conflict")


class ClientPermission(UserObjectPermissionBase):
    """A grant. This table is the care team: nothing is derived from it that could drift.

    An ended grant keeps its row with ``until`` in the past; giving it again opens the row anew, the trail keeps both.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_object: models.ForeignKey[Any, Client] = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="grants")
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=30, default="assigned")  # a code of REASONS
    withheld = ArrayField(
        models.CharField(max_length=10, choices=WITHHELD), default=list, blank=True
    )  # what stays shut of before ``record_from``
    record_from = models.DateTimeField(null=True)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(fields=["user", "content_object", "until"])]
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="grant_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(withheld=[]) | Q(record_from__isnull=False), name="grant_says_from_when_it_reaches"),
        ]

    class Privacy:
        open = ["id", "permission", "user", "content_object", "since", "until", "granted_by", "reason", "withheld", "record_from"]

    def __str__(self) -> str:
        return f"grant {self.pk}"

    @property
    def client_id(self) -> Any:
        """The client this grant is on, under the name the trail looks for."""
        return self.content_object_id

    @property
    def reason_words(self) -> str:
        """Why it was given, in words."""
        return REASONS.get(self.reason, self.reason)

    @property
    def withheld_words(self) -> str:
        """What of the record it does not open, in words; empty where it opens all of it."""
        return " and ".join(words for part, words in WITHHELD if part in self.withheld)

    @property
    def role_word(self) -> str:
        """ "counselor", "supervisor"…"""
        return str(Codename(self.permission.codename).label)


class Denial(SealedModel):
    """This person must never open this client's record: a relative, a conflict of interest. Beats every grant."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="denials")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="denials")
    reason = SealedText()
    denied_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    denied_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "user"], name="denied_once")]

    class Privacy:
        open = ["id", "version", "client", "user", "denied_by", "denied_at"]
        sealed = ["reason"]

    def __str__(self) -> str:
        return f"denial {self.pk}"

    def keyhole(self) -> Keyhole:
        # Not the contact key: admins keep the deny list but never see names.
        return Keyhole(self.client_id, "denial")
