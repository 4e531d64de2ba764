"""Legal process: a paper that asks or orders, what became of it step by step, and the letters that were sent (section 9, LP-1 to LP-7)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit import clock
from disclosures.law import process as law
from vault.fields import SealedJSON, SealedModel, SealedText
from vault.keys import Keyhole

from .exceptions import REPORTS

_UNTOLD = ("served", "logged", "validated", "closed")
_CHECKED = ("served", "logged", "closed")


class LegalProcess(SealedModel):
    """One paper, from being served to its end. In the compartment of reports: no portal, search, chart or release holds it."""

    class Kind(models.TextChoices):
        COURT_ORDER = "court_order", "an order of a court"
        TRIBUNAL_ORDER = "tribunal_order", "an order of an administrative tribunal"
        WARRANT = "warrant", "a warrant"
        GRAND_JURY = "grand_jury", "a grand jury's subpoena"
        SUBPOENA_JUDICIAL = "subpoena_judicial", "a subpoena of a court or its clerk"
        SUBPOENA_ATTORNEY = "subpoena_attorney", "a lawyer's subpoena"
        DISCOVERY = "discovery", "a discovery request"
        ADMIN_REQUEST = "admin_request", "an administrative request"

    class State(models.TextChoices):
        SERVED = "served", "Served"
        LOGGED = "logged", "Logged"
        VALIDATED = "validated", "Validated"
        NOTIFIED = "notified", "Client told"
        PRIVILEGE = "privilege", "Privilege asserted"
        MOTION = "motion", "Motion pending"
        AUTHORIZED = "authorized", "May be answered"
        ORDERED = "ordered", "Ordered"
        RESPONDED = "responded", "Answered"
        CLOSED = "closed", "Closed"

    class Stands(models.TextChoices):
        ORDER = "order", "an order"
        ASSURANCE = "assurance", "satisfactory assurance"
        DEMAND = "demand", "what law enforcement served"
        AUTHORIZATION = "authorization", "the client's authorization"

    class Assurance(models.TextChoices):
        NONE = "none", "none"
        NOTICE = "notice", "notice to the client, with time to object"
        PROTECTED = "qpo", "a qualified protective order, agreed or asked for"

    class Objection(models.TextChoices):
        NONE = "", "none was made"
        OPEN = "open", "one was made, and is not resolved"
        RESOLVED = "resolved", "every one is resolved"

    class Position(models.TextChoices):
        NONE = "", "not known yet"
        AGREES = "agrees", "agrees"
        OBJECTS = "objects", "objects"

    class Outcome(models.TextChoices):
        ANSWERED = "answered", "answered with what was ordered or allowed"
        REFUSED = "refused", "nothing was given"
        QUASHED = "quashed", "set aside or narrowed to nothing by a court"
        WITHDRAWN = "withdrawn", "taken back by whoever sent it"
        INVALID = "invalid", "not valid, or not in force here"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=17, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SERVED)
    issuer = SealedText()
    number = SealedText()  # of the paper, and its day
    judge = models.BooleanField(default=False)  # a judge signed it
    place = models.CharField(max_length=5, blank=True, default="")  # a state, "US" for a federal court, or "other"
    served_at = models.DateTimeField()
    served_how = SealedText()
    return_on = models.DateField(null=True)  # by when it asks for an answer
    words = SealedText()  # what it asks for, as it stands there
    scope = SealedJSON()  # the same, item by item: disclosures.law.process.Scope
    granted = SealedJSON()  # what may leave on it: as ordered, or as asked where assurance was given
    granted_at = models.DateTimeField(null=True)
    valid_how = SealedText()  # how it is known to be genuine and in force here
    validated_on = models.DateField(null=True)
    domesticated_on = models.DateField(null=True)
    cleared = models.BooleanField(default=False)  # counsel says that a paper from out of state is to be answered (LP-7)
    assurance = models.CharField(max_length=6, choices=Assurance.choices, default=Assurance.NONE)
    assured = SealedText()  # what shows it
    notice_on = models.DateField(null=True)
    objection_days = models.PositiveSmallIntegerField(null=True)
    objection_until = models.DateField(null=True)  # LP-2: notice_on and objection_days, and nothing else
    objection = models.CharField(max_length=8, choices=Objection.choices, blank=True, default="")
    protected_on = models.DateField(null=True)
    counsel = SealedText()  # whom one consulted, and what they advised (SU-7)
    consulted_on = models.DateField(null=True)
    client_notified_at = models.DateTimeField(null=True)
    prohibited = models.BooleanField(default=False)  # a law or a court forbids telling them
    told = SealedText()  # how they were told; or what forbids it
    position = models.CharField(max_length=7, choices=Position.choices, blank=True, default="")
    position_words = SealedText()
    privilege_asserted_at = models.DateTimeField(null=True)
    stands_on = models.CharField(max_length=13, choices=Stands.choices, blank=True, default="")
    ruling = SealedText()  # which order, of which judge and day
    part2_order_type = models.CharField(max_length=4, blank=True, default="")  # a key of [part2.orders] in process.toml
    part2_mandate = models.BooleanField(default=False)  # a subpoena or the like came with that order
    part2_confidences = models.BooleanField(default=False)  # it finds what 42 CFR 2.63 asks for
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True, default="")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["client", "-served_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=law.STATES), name="process_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=_UNTOLD) | Q(client_notified_at__isnull=False) | Q(prohibited=True), name="client_told_or_forbidden"
            ),
            models.CheckConstraint(condition=Q(state__in=_CHECKED) | Q(validated_on__isnull=False), name="nothing_before_it_is_validated"),
            models.CheckConstraint(
                condition=~Q(state__in=["authorized", "ordered"]) | (~Q(stands_on="") & Q(granted_at__isnull=False)),
                name="answerable_on_something",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(outcome="") | ~Q(state="closed") & Q(closed_at=None, outcome=""),
                name="process_closed_with_an_outcome",
            ),
        ]

    class Privacy:
        open = [
            "id", "version", "client", "kind", "state", "judge", "place", "served_at", "return_on", "granted_at", "validated_on",
            "domesticated_on", "cleared", "assurance", "notice_on", "objection_days", "objection_until", "objection", "protected_on",
            "consulted_on", "client_notified_at", "prohibited", "position", "privilege_asserted_at", "stands_on", "part2_order_type",
            "part2_mandate", "part2_confidences", "outcome", "recorded_by", "recorded_at", "closed_at",
        ]  # fmt: skip
        sealed = [
            "issuer", "number", "served_how", "words", "scope", "granted", "valid_how", "assured", "counsel", "told", "position_words",
            "ruling",
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"legal process {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, REPORTS)


class LegalStep(SealedModel):
    """What was done about a paper: one line each, never changed."""

    process = models.ForeignKey(LegalProcess, on_delete=models.PROTECT, related_name="steps")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10)  # a state it came into; or "consulted", "assured"
    words = SealedText()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Privacy:
        open = ["id", "version", "process", "client", "what", "made_by", "made_at"]
        sealed = ["words"]

    def __str__(self) -> str:
        return f"legal step {self.pk}"

    @property
    def title(self) -> str:
        """What it was, in words."""
        return _OTHER.get(self.what) or str(LegalProcess.State(self.what).label)

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, REPORTS)


_OTHER = {"consulted": "Consulted", "assured": "Assurance"}


class LegalReply(SealedModel):
    """A letter to whoever sent the paper, as it was sent. Before it is validated there is one, which names nobody (LP-5)."""

    process = models.ForeignKey(LegalProcess, on_delete=models.PROTECT, related_name="replies")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9)  # a key of [replies] in process.toml
    to = SealedText()
    body = SealedText()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Privacy:
        open = ["id", "version", "process", "client", "kind", "made_by", "made_at"]
        sealed = ["to", "body"]

    def __str__(self) -> str:
        return f"legal reply {self.pk}"

    @property
    def title(self) -> str:
        """Which letter it is."""
        return law.replies()[self.kind].words

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, REPORTS)
