"""The practice's own papers: forms, their versions, and which of them a new client is sent. Nothing here is about a client."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from audit import clock


class Form(models.Model):
    """One paper of the practice, whatever its wording is now: its wordings are versions."""

    class Kind(models.TextChoices):
        """What a form is for; what each must say stands in consent/law/checklists.toml."""

        POLICY = "policy", "confidentiality policy"
        NOTICE = "notice", "notice of privacy practices"
        COUNSELING = "counseling", "informed consent for counseling"
        TELEHEALTH = "telehealth", "consent to telehealth"
        RECORDING = "recording", "permission to record"
        REACHING = "reaching", "how we may reach you"
        RELEASE = "release", "release of information"
        PSYCHOTHERAPY = "psychotherapy", "release of psychotherapy notes"
        PART2 = "part2", "release of substance use records (Part 2)"
        OWN = "own", "the practice's own form"
        QUESTIONNAIRE = "questionnaire", "questionnaire"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=13, choices=Kind.choices)
    title = models.CharField(max_length=120)
    shipped_as = models.CharField(max_length=40, blank=True)  # the template in consent/shipped/ it began as
    renewal_months = models.PositiveSmallIntegerField(null=True, blank=True)  # asked anew after so long (IC-37)
    created_at = models.DateTimeField(default=clock.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["shipped_as"], condition=~Q(shipped_as=""), name="shipped_once"),
            models.CheckConstraint(condition=Q(renewal_months=None) | Q(renewal_months__range=(1, 60)), name="renewal_within_five_years"),
        ]

    class Privacy:
        open = ["id", "kind", "title", "shipped_as", "renewal_months", "created_at", "retired_at"]

    def __str__(self) -> str:
        return f"form {self.pk}"


class Version(models.Model):
    """One wording of a form in one language. Draft, approved, in force, superseded: in that order, and never back.

    ``text`` is Markdown in clauses, each a heading with an anchor (consent/clauses.py). From its approval on it is frozen.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        APPROVED = "approved", "approved"
        IN_FORCE = "in_force", "in force"
        SUPERSEDED = "superseded", "superseded"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=8, default="en")
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)  # of the draft: two editors do not overwrite each other
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    material = models.BooleanField(default=False)  # what it changes matters: those who signed an earlier one are asked anew (IC-37)
    what_changed = models.TextField(blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    in_force_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)
    text_hash = models.BinaryField(null=True)  # SHA-256 of title and text, from the approval on (GEN-9)

    class Meta:
        ordering = ["form", "-number", "language"]
        constraints = [
            models.UniqueConstraint(fields=["form", "number", "language"], name="version_numbered_once"),
            models.UniqueConstraint(fields=["form", "language"], condition=Q(state="in_force"), name="one_version_in_force"),
            models.CheckConstraint(
                condition=Q(state="draft", approved_at=None, approved_by=None, text_hash=None)
                | Q(~Q(state="draft"), approved_at__isnull=False, approved_by__isnull=False, text_hash__isnull=False),
                name="approved_wholly",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "approved"], in_force_at=None)
                | Q(state__in=["in_force", "superseded"], in_force_at__isnull=False),
                name="in_force_has_a_time",
            ),
            models.CheckConstraint(condition=Q(state="superseded") ^ Q(superseded_at=None), name="superseded_has_a_time"),
        ]

    class Privacy:
        open = [
            "id", "form", "number", "language", "title", "text", "revision", "state", "material", "what_changed", "written_by",
            "written_at",             "approved_by", "approved_at", "in_force_at", "superseded_at", "text_hash",
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"version {self.pk}"


class Packet(models.Model):
    """What a new client of some kind is sent in one go."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    client_kinds = ArrayField(models.CharField(max_length=10), default=list)  # of clients.Client.Kind
    forms: models.ManyToManyField[Form, PacketItem] = models.ManyToManyField(Form, through="PacketItem", related_name="packets")

    class Meta:
        ordering = ["name", "pk"]

    class Privacy:
        open = ["id", "name", "client_kinds", "forms"]

    def __str__(self) -> str:
        return f"packet {self.pk}"


class PacketItem(models.Model):
    """A form's place in a packet."""

    packet = models.ForeignKey(Packet, on_delete=models.CASCADE, related_name="items")
    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["packet", "form"], name="form_once_in_a_packet")]

    class Privacy:
        open = ["id", "packet", "form", "position"]

    def __str__(self) -> str:
        return f"packet item {self.pk}"
