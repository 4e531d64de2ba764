"""Asking: one paper shown to one client, who is to sign it, and what they ask about it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

COMPARTMENT = "consent"  # a key of its own: client and representatives hold it too, unlike that of the record


class Request(SealedModel):
    """A version of a form asked of a client (or couple, family, group), with the words as they are shown to them.

    What it is now follows from its dates alone (consent/states.py): nothing of what was shown is ever overwritten.
    """

    class Rule(models.TextChoices):
        ALL = "all", "everybody named"
        ANY = "any", "any one of those named"

    class End(models.TextChoices):
        DECLINED = "declined", "declined"
        WITHDRAWN = "withdrawn", "withdrawn"
        SUPERSEDED = "superseded", "superseded"
        EXPIRED = "expired", "expired"
        CANCELLED = "cancelled", "taken back before it was signed"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="consent_requests")
    wording = models.ForeignKey("consent.Version", on_delete=models.PROTECT, related_name="requests")
    batch = models.UUIDField(default=uuid.uuid4)  # what was sent together
    counselor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )  # of the counselor, as it is told in ``shown``: another one is a reason to ask anew (IC-11, IC-37)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")  # None: the house itself
    asked_at = models.DateTimeField(default=clock.now)
    shown = SealedText()  # the Markdown with names filled in: exactly what is read and signed
    shown_hash = models.BinaryField()  # keyed fingerprint of ``shown`` and of which version it is (ES-6)
    rule = models.CharField(max_length=3, choices=Rule.choices, default=Rule.ALL)
    modalities = ArrayField(models.CharField(max_length=10), default=list)  # what a signed one covers (IC-23)
    reply_by = models.DateTimeField(null=True)
    active_from = models.DateTimeField(null=True)  # when the last signature that the rule asks for was given
    no_later_than = models.DateTimeField(null=True)  # the day majority or its signers' authority ends, known as it is asked (IC-32)
    until = models.DateTimeField(null=True)  # by renewal, its own date, or that day
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=10, choices=End.choices, blank=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        indexes = [models.Index(fields=["client", "-asked_at"]), models.Index(fields=["wording", "active_from"])]
        constraints = [
            models.CheckConstraint(condition=Q(ended_as="") ^ Q(ended_at__isnull=False), name="request_ends_wholly"),
            models.CheckConstraint(
                condition=~Q(ended_as__in=["withdrawn", "expired"]) | Q(active_from__isnull=False),
                name="only_what_was_given_is_withdrawn",
            ),
            models.CheckConstraint(condition=Q(rule__in=["all", "any"]), name="signer_rule_known"),
        ]

    class Privacy:
        open = [
            "id", "version", "client", "wording", "batch", "counselor", "supervisor", "asked_by", "asked_at", "shown_hash", "rule",
            "modalities", "reply_by", "active_from", "no_later_than", "until", "ended_at", "ended_as", "replaces",
        ]  # fmt: skip
        sealed = ["shown"]

    def __str__(self) -> str:
        return f"request {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)


class Signer(models.Model):
    """Somebody who is to sign a request, and by what right. Never changed: another signer is another row."""

    class Capacity(models.TextChoices):
        SELF = "self", "for themself"
        MEMBER = "member", "as one of the couple, family or group"
        GUARDIAN = "guardian", "as parent or guardian"
        CASEWORKER = "caseworker", "as caseworker"
        REPRESENTATIVE = "representative", "as representative"
        ASSENT = "assent", "a minor's assent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="signers")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")  # the request's, for the second lock
    person = models.ForeignKey(
        "clients.Client", on_delete=models.PROTECT, related_name="+"
    )  # who signs or is represented: the client or a member
    representative = models.ForeignKey("clients.Representative", null=True, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=14, choices=Capacity.choices)
    named_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "person", "representative"], nulls_distinct=False, name="signs_once"),
            models.CheckConstraint(
                condition=Q(capacity__in=["self", "member", "assent"], representative=None)
                | Q(capacity__in=["guardian", "caseworker", "representative"], representative__isnull=False),
                name="who_stands_for_another_is_named",
            ),
        ]

    class Privacy:
        open = ["id", "request", "client", "person", "representative", "capacity", "named_at"]

    def __str__(self) -> str:
        return f"signer {self.pk}"

    @property
    def binds(self) -> bool:
        """Whether the request needs this signature. A minor's assent is asked for and kept; the guardian's consent decides (IC-30)."""
        return self.capacity != self.Capacity.ASSENT


class Question(SealedModel):
    """A question pinned to a clause. Until it is answered, or its asker is satisfied, they cannot sign (IC-21)."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="questions")
    signer = models.ForeignKey(Signer, on_delete=models.PROTECT, related_name="questions")
    anchor = models.CharField(max_length=60)  # of the clause
    text = SealedText()
    asked_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True)  # the asker says they are satisfied

    class Meta:
        ordering = ["asked_at", "pk"]

    class Privacy:
        open = ["id", "version", "client", "request", "signer", "anchor", "asked_at", "settled_at"]
        sealed = ["text"]

    def __str__(self) -> str:
        return f"question {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)


class Answer(SealedModel):
    """What the practice answered. It stays as it was given, and becomes part of the evidence."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = SealedText()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]

    class Privacy:
        open = ["id", "version", "client", "question", "by", "at"]
        sealed = ["text"]

    def __str__(self) -> str:
        return f"answer {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)
