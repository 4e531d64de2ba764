"""Notices that leave the house. A row is written in the transaction of its cause; the worker claims it, then sends."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.gate import PRACTICE
from vault.keys import Keyhole


class Notice(SealedModel):
    """One notice. Due, claimed, sent, or uncertain (claimed, never confirmed): shown to a person, not resent. Stopped: never sent."""

    class Channel(models.TextChoices):
        MAIL = "mail", "mail"
        SMS = "sms", "text message"
        VOICE = "voice", "call"
        VOICEMAIL = "voicemail", "voicemail"
        POST = "post", "post"

    class State(models.TextChoices):
        DUE = "due", "due"
        CLAIMED = "claimed", "being sent"
        SENT = "sent", "sent"
        UNCERTAIN = "uncertain", "uncertain"
        STOPPED = "stopped", "stopped"

    kind = models.CharField(max_length=30)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.MAIL)
    to = SealedText()
    subject = SealedText()
    body = SealedText()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    hours = models.CharField(max_length=80, blank=True, default="")  # in which alone it may leave: practice/hours.py
    due_at = models.DateTimeField(default=clock.now)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(state="due"), name="notices_due")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["due", "stopped"]) | Q(claimed_at__isnull=False), name="claimed_before_sent"),
            models.CheckConstraint(condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent"), name="sent_has_a_time"),
        ]

    class Privacy:
        open = ["id", "version", "kind", "channel", "hours", "state", "due_at", "claimed_at", "sent_at"]
        sealed = ["to", "subject", "body"]

    def __str__(self) -> str:
        return f"notice {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "outbox")
