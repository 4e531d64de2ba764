"""What was found about an incident: each saving is a row of its own, and the newest counts."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedJSON, SealedModel, SealedText
from vault.keys import Keyhole

from .incidents import COMPARTMENT, Incident


class Assessment(SealedModel):
    """The analysis, apart from the story. Until a second person agrees, nothing is lowered: it counts as a breach (BR-1)."""

    class Conclusion(models.TextChoices):
        PRESUMED = "presumed", "Not decided: presumed a breach"
        BREACH = "breach", "It is a breach"
        LOW = "low_probability", "A low probability that data was compromised"
        EXCEPTION = "exception", "An exception holds"
        HARBOR = "safe_harbor", "The data was encrypted or destroyed"

    class Exception_(models.TextChoices):
        NONE = "", "None"
        WORKFORCE = "i", "Somebody of the workforce, in good faith and in scope"
        INSIDE = "ii", "From one authorized person to another, here"
        UNKEPT = "iii", "Whoever got it could not keep it"

    class Risk(models.TextChoices):
        UNSAID = "", "Not said yet"
        NONE = "none", "No risk to their rights is likely"
        RISK = "risk", "A risk"
        HIGH = "high", "A high risk"

    class Answer(models.TextChoices):
        UNSAID = "", "Not said yet"
        NO = "no", "No"
        YES = "yes", "Yes, or it may have been"

    class Soon(models.TextChoices):
        UNSAID = "", "Not said yet"
        NO = "no", "No"
        YES = "yes", "Yes: somebody may act on it at once"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="assessments")
    conclusion = models.CharField(max_length=16, choices=Conclusion.choices, default=Conclusion.PRESUMED)
    ratings = ArrayField(models.CharField(max_length=6, blank=True), default=list)  # of the four factors: "low", "medium", "high", ""
    factors = SealedJSON()  # {"1": evidence, …}
    exception = models.CharField(max_length=3, choices=Exception_.choices, blank=True)
    limbs = SealedJSON()  # {"good_faith": facts, …}
    algorithm = SealedText()
    key_place = SealedText()
    key_compromised = models.CharField(max_length=3, choices=Answer.choices, blank=True)
    reasons = SealedText()
    consultation = SealedJSON()  # {"who", "relation", "asked", "advice", "decision"}
    consulted_on = models.DateField(null=True)
    kinds = ArrayField(models.CharField(max_length=16), default=list)  # of breaches.facts.KINDS
    risk_to_rights = models.CharField(max_length=4, choices=Risk.choices, blank=True)
    imminent = models.CharField(max_length=3, choices=Soon.choices, blank=True)  # misuse is likely to come soon (BR-10)
    associate_discovered = models.DateField(null=True)
    associate_told = models.DateField(null=True)
    associate_agent = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["incident", "-made_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None) | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="approved_by_somebody",
            ),
        ]

    class Privacy:
        open = [
            "id", "version", "incident", "conclusion", "ratings", "exception", "key_compromised", "consulted_on", "kinds", "risk_to_rights",
            "imminent", "associate_discovered", "associate_told", "associate_agent", "made_by", "made_at", "approved_by", "approved_at",
        ]  # fmt: skip
        sealed = ["factors", "limbs", "algorithm", "key_place", "reasons", "consultation"]

    def __str__(self) -> str:
        return f"assessment {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.incident_id, COMPARTMENT)

    @property
    def lowers(self) -> bool:
        """Whether it says that this is no breach that must be told."""
        return self.conclusion not in (self.Conclusion.PRESUMED, self.Conclusion.BREACH)

    @property
    def counts_as(self) -> str:
        """The conclusion that counts: presumed a breach, until what lowers it is approved (BR-1)."""
        return str(self.Conclusion.PRESUMED) if self.lowers and self.approved_at is None else self.conclusion

    @property
    def is_by_themself(self) -> bool:
        """Whether the only privacy officer approved their own."""
        return bool(self.approved_by_id and self.approved_by_id == self.made_by_id)


class Delay(SealedModel):
    """Why a clock may run longer: law enforcement asked to wait (BR-15), or good cause where a rule allows it. Only ever added to."""

    class Kind(models.TextChoices):
        WRITTEN = "written", "Law enforcement, in writing"
        ORAL = "oral", "Law enforcement, spoken"
        CAUSE = "cause", "Good cause, as a rule allows it"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="delays")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    stated_on = models.DateField()
    until = models.DateField(null=True)
    key = models.CharField(max_length=60, blank=True)  # of the rule in breaches/law, for a cause
    official = SealedText()
    agency = SealedText()
    words = SealedText()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("stated_on")), name="delay_ends_after_it_begins")]

    class Privacy:
        open = ["id", "version", "incident", "kind", "stated_on", "until", "key", "recorded_by", "recorded_at"]
        sealed = ["official", "agency", "words"]

    def __str__(self) -> str:
        return f"delay {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.incident_id, COMPARTMENT)
