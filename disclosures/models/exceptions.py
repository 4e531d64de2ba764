"""What may override confidentiality: an event, whom one consulted, and the reports that were made. A compartment of its own (REP-6)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedJSON, SealedModel, SealedText
from vault.keys import Keyhole

from .accounting import Disclosure

REPORTS = "report"  # the compartment: out of the portal, the search, the chart and every release


class ExceptionEvent(SealedModel):
    """Something was learned that a counselor may have to act on. Who learned it decides, and reports: nobody decides for them (REP-1)."""

    class Kind(models.TextChoices):
        CHILD = "child_abuse", "child abuse or neglect"
        ELDER = "elder_abuse", "abuse of an elder or dependent adult"
        ADULT = "adult_abuse", "abuse of an adult"
        OTHERS = "threat_other", "a threat to somebody else"
        SELF = "threat_self", "a threat to themself"
        CONTAGIOUS = "contagious", "a contagious disease"
        OTHER = "other", "something else that the law names"

    class Decision(models.TextChoices):
        REPORT = "report", "report it"
        PROTECT = "protect", "protect: warn, or another step"
        NOT = "no_report", "not report"

    class Told(models.TextChoices):
        BEFORE = "before", "beforehand"
        AFTER = "after", "afterwards"
        NOT = "not", "not"

    class Why(models.TextChoices):
        """Why the client is not told (REP-3): a closed list."""

        RISK_TO_CLIENT = "risk_client", "it would endanger the client"
        RISK_TO_VICTIM = "risk_victim", "it would endanger the victim"
        SUSPECTED = "suspected", "who represents them may be the cause"
        UNREACHABLE = "unreachable", "they cannot be reached"
        EMERGENCY = "emergency", "there was no time"
        LAW = "law", "the law forbids it"
        AGENCY = "agency", "the agency said not to"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    place = models.CharField(max_length=2, blank=True, default="")  # the state whose law holds; empty: another one
    letter = models.CharField(max_length=20, blank=True, default="")  # of something else: the basis in 45 CFR 164.512
    part2 = models.BooleanField(default=False)  # it is known from substance use treatment
    learned_at = models.DateTimeField()
    facts = SealedText()
    source = SealedText()
    standard = SealedText()  # which standard, and why it is met or not
    rationale = SealedText()
    decision = models.CharField(max_length=9, choices=Decision.choices, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    at_once = models.BooleanField(default=False)  # decided in an emergency, and consulted about afterwards (SU-7)
    told = models.CharField(max_length=6, choices=Told.choices, blank=True, default="")
    not_told_why = models.CharField(max_length=11, choices=Why.choices, blank=True, default="")
    discussion = SealedText()  # when, why and what was said, and how they took it
    follow_up = SealedText()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["client", "-opened_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(closed_at=None) | ~Q(told=""), name="closed_says_whether_the_client_was_told"),
            models.CheckConstraint(condition=~Q(told="not") | ~Q(not_told_why=""), name="not_told_for_a_reason"),
            models.CheckConstraint(condition=Q(closed_at=None) | ~Q(decision=""), name="closed_is_decided"),
        ]

    class Privacy:
        open = [
            "id", "version", "client", "kind", "place", "letter", "part2", "learned_at", "decision", "decided_at", "at_once", "told",
            "not_told_why", "opened_by", "opened_at", "closed_at",
        ]  # fmt: skip
        sealed = ["facts", "source", "standard", "rationale", "discussion", "follow_up"]

    def __str__(self) -> str:
        return f"exception {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, REPORTS)


class Consult(SealedModel):
    """Whom the counselor consulted, and what they advised (SU-7). A supervisor who is asked answers here."""

    event = models.ForeignKey(ExceptionEvent, on_delete=models.PROTECT, related_name="consults")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    asked = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")  # None: somebody else
    whom = SealedText()
    question = SealedText()
    advice = SealedText()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(asked=None) | ~Q(asked=F("asked_by")), name="nobody_consults_themselves")]

    class Privacy:
        open = ["id", "version", "event", "client", "asked", "asked_by", "asked_at", "answered_at"]
        sealed = ["whom", "question", "advice"]

    def __str__(self) -> str:
        return f"consult {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, REPORTS)


class Report(SealedModel):
    """A report that was made, as it was: never changed (REP-2, REP-4)."""

    class How(models.TextChoices):
        ORAL = "oral", "by word of mouth"
        WRITTEN = "written", "in writing"

    event = models.ForeignKey(ExceptionEvent, on_delete=models.PROTECT, related_name="reports")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=7, choices=How.choices)
    made_at = models.DateTimeField()
    agency = SealedText()
    person = SealedText()
    phone = SealedText()
    number = SealedText()  # of the report; or that none was given, and why
    given = SealedJSON()  # {"items": […]}: what was said, item by item
    withheld = SealedText()  # what was not, and why
    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, related_name="report")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Privacy:
        open = ["id", "version", "event", "client", "how", "made_at", "disclosure", "made_by", "recorded_at"]
        sealed = ["agency", "person", "phone", "number", "given", "withheld"]

    def __str__(self) -> str:
        return f"report {self.pk}"

    @property
    def items(self) -> list[str]:
        """What was told, item by item."""
        return list(self.given.get("items", []))

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, REPORTS)
