"""What was reported, who may not see it, who knew when, what happened since, and the finding of a near miss."""

from __future__ import annotations

import uuid
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

from .states import OPEN, State

COMPARTMENT = "incident"  # each incident has a key of its own, which nobody who may be its cause is given


class Incident(SealedModel):
    """Something that may be a breach. What was reported stays as it was said; the state moves on, until it is over."""

    class GoingOn(models.TextChoices):
        YES = "yes", "Yes, or it may"
        NO = "no", "No"
        UNKNOWN = "unknown", "I do not know"

    number = models.CharField(max_length=20, unique=True)  # such as "B-2026-003"; a drill's begins with D
    title = SealedText()  # how what was reported begins
    what = SealedText()
    cause = SealedText()  # who or what may be behind it, as reported
    noticed_at = models.DateTimeField()
    going_on = models.CharField(max_length=8, choices=GoingOn.choices, default=GoingOn.UNKNOWN)
    discovered_on = models.DateField()  # the earliest day in Knowledge that counts (BR-5)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REPORTED)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(default=clock.now)
    drill = models.BooleanField(default=False)  # a rehearsal: nothing of it counts or leaves the house
    source = models.CharField(max_length=10, default="report")  # "report", "portal", "signal", "emergency"
    source_id = models.UUIDField(null=True)
    reopens = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="reopened")

    class Meta:
        indexes = [models.Index(fields=["discovered_on"], condition=Q(state__in=OPEN), name="incidents_open")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="incident_state_known"),
            models.UniqueConstraint(fields=["source", "source_id"], name="one_incident_a_source"),
        ]

    class Privacy:
        open = [
            "id", "version", "number", "noticed_at", "going_on", "discovered_on", "state", "reported_by", "reported_at", "drill", "source",
            "source_id", "reopens",
        ]  # fmt: skip
        sealed = ["title", "what", "cause"]

    def __str__(self) -> str:
        return f"incident {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.pk, COMPARTMENT)

    @property
    def is_open(self) -> bool:
        """Whether it is still worked on."""
        return self.state in OPEN


class OfIncident(SealedModel):
    """Belongs to an incident: its lines on the trail are the incident's, and hidden with it; so is its key, but where it says otherwise."""

    trail_label = "breaches.incident"
    incident_id: UUID

    class Meta:
        abstract = True

    @property
    def trail_id(self) -> UUID:
        """Under which id its lines stand."""
        return self.incident_id

    def keyhole(self) -> Keyhole:
        return Keyhole(self.incident_id, COMPARTMENT)


class Suspect(models.Model):
    """This colleague may be the cause: nothing of the incident is there for them, until somebody clears them (attack 97)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="suspects")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=clock.now)
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "user"], condition=Q(cleared_at=None), name="suspected_once_at_a_time"),
            models.CheckConstraint(
                condition=Q(cleared_at=None, cleared_by=None) | Q(cleared_at__isnull=False, cleared_by__isnull=False),
                name="cleared_by_somebody",
            ),
        ]

    class Privacy:
        open = ["id", "incident", "user", "named_by", "named_at", "cleared_by", "cleared_at"]

    def __str__(self) -> str:
        return f"suspect {self.pk}"


class Knowledge(SealedModel):
    """The day on which somebody of the workforce knew. Only ever added to: a row that was wrong is struck by a later one (BR-5)."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="knowledge")
    day = models.DateField()
    counts = models.BooleanField(default=True)  # not where only the one who did it knew
    words = SealedText(null=True)  # who knew, and how; or why the struck row is wrong
    strikes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="struck")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(strikes=None) | Q(counts=False), name="what_strikes_does_not_count")]

    class Privacy:
        open = ["id", "version", "incident", "day", "counts", "strikes", "recorded_by", "recorded_at"]
        sealed = ["words"]

    def __str__(self) -> str:
        return f"knowledge {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.incident_id, COMPARTMENT)


class Awareness(SealedModel):
    """When the practice was certain, and why not before: hours run from then. Only ever added to, the newest counts (SB-12, SB-15)."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="awareness")
    at = models.DateTimeField()
    words = SealedText()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Privacy:
        open = ["id", "version", "incident", "at", "recorded_by", "recorded_at"]
        sealed = ["words"]

    def __str__(self) -> str:
        return f"awareness {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.incident_id, COMPARTMENT)


class Entry(SealedModel):
    """One line of the incident's own timeline; only ever added to."""

    class Kind(models.TextChoices):
        TOLD = "told", "what happened"  # written by a person: the narrative, apart from the assessment
        DONE = "done", "done here"  # an act of the house
        STEP = "step", "step"
        FACT = "fact", "fact"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    words = SealedText()
    at = models.DateTimeField(default=clock.now)  # when it happened
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["incident", "at"])]

    class Privacy:
        open = ["id", "version", "incident", "kind", "at", "by", "written_at"]
        sealed = ["words"]

    def __str__(self) -> str:
        return f"entry {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.incident_id, COMPARTMENT)


class Finding(SealedModel):
    """Why a near miss was one: what stopped it, and what is learned from it. Final."""

    incident = models.OneToOneField(Incident, on_delete=models.PROTECT, related_name="finding")
    words = SealedText()
    lesson = SealedText()
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField(default=clock.now)

    class Privacy:
        open = ["id", "version", "incident", "found_by", "found_at"]
        sealed = ["words", "lesson"]

    def __str__(self) -> str:
        return f"finding {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.incident_id, COMPARTMENT)
