"""The accounting of disclosures: rows that are only added to. A wrong one is taken back by another row."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit import clock
from vault.fields import SealedJSON, SealedModel, SealedText
from vault.keys import Keyhole

COMPARTMENT = "disclosure"


class Basis(models.TextChoices):
    """On what a disclosure rests: exactly one. What each means and asks stands in disclosures/law/bases.toml."""

    AUTHORIZATION = "authorization", "the client's signed authorization"
    INDIVIDUAL = "individual", "to the client themself"
    INVOLVED = "involved", "to those involved in care"
    TREATMENT = "treatment", "treatment"
    PAYMENT = "payment", "payment"
    OPERATIONS = "operations", "operations"
    PART2_EMERGENCY = "part2_emergency", "medical emergency (Part 2)"
    REQUIRED_BY_LAW = "required_by_law", "(a) required by law"
    PUBLIC_HEALTH = "public_health", "(b) public health"
    CHILD_ABUSE = "child_abuse", "(b) child abuse"
    ADULT_ABUSE = "adult_abuse", "(c) adult abuse"
    OVERSIGHT = "oversight", "(d) health oversight"
    COURT_ORDER = "court_order", "(e) court order"
    SUBPOENA = "subpoena", "(e) subpoena"
    WARRANT = "warrant", "(f) warrant or the like"
    LAW_ENFORCEMENT = "law_enforcement", "(f) law enforcement"
    CORONER = "coroner", "(g) coroner"
    FUNERAL = "funeral", "(g) funeral director"
    ORGAN_DONATION = "organ_donation", "(h) organ donation"
    RESEARCH = "research", "(i) research"
    SERIOUS_THREAT = "serious_threat", "(j) serious threat"
    GOVERNMENT = "government", "(k) government functions"
    SECURITY = "security", "(k) national security"
    CUSTODY = "custody", "(k) custody"
    WORKERS_COMP = "workers_comp", "(l) workers' compensation"
    HHS = "hhs", "HHS"
    LIMITED_DATA = "limited_data", "a limited data set"
    INCIDENTAL = "incidental", "incidental"
    IMPERMISSIBLE = "impermissible", "not permitted: a breach"


# Which bases stay out of the accounting, and by which code (ACC-2): the same as in the law file, and a test says so.
EXCLUDED = {
    Basis.AUTHORIZATION: "authorization",
    Basis.INDIVIDUAL: "individual",
    Basis.INVOLVED: "involved",
    Basis.TREATMENT: "tpo",
    Basis.PAYMENT: "tpo",
    Basis.OPERATIONS: "tpo",
    Basis.PART2_EMERGENCY: "tpo",
    Basis.SECURITY: "security",
    Basis.CUSTODY: "custody",
    Basis.LIMITED_DATA: "limited_data",
    Basis.INCIDENTAL: "incidental",
}


def _in_or_out() -> Q:
    """In the accounting, or out of it by the code of its basis: never the one with the other's (ACC-2)."""
    left_out = sorted(basis.value for basis in EXCLUDED)
    condition = Q(accountable=True, excluded="") & ~Q(basis__in=left_out)
    for code in sorted({*EXCLUDED.values()}):
        condition |= Q(accountable=False, excluded=code, basis__in=sorted(b.value for b, c in EXCLUDED.items() if c == code))
    return condition


class Disclosure(SealedModel):
    """Something of a client's record went to somebody: what 45 CFR 164.528(b)(2) asks of an entry of the accounting (ACC-3).

    With ``reverses`` it takes that entry back, and says why in ``purpose``: both stay to be read.
    """

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="disclosures")
    on = models.DateField()
    basis = models.CharField(max_length=16, choices=Basis.choices)
    recipient = SealedText()
    address = SealedText(null=True)  # if known
    description = SealedText()
    purpose = SealedText()
    details = SealedJSON(null=True)  # what the basis asks for: key of the law file -> answer
    whom = models.BinaryField(null=True)  # keyed token of the recipient's name, by which entries are grouped and suspended
    accountable = models.BooleanField(default=True)
    excluded = models.CharField(max_length=13, blank=True, default="")  # the code by which it is not
    in_portal = models.BooleanField(default=True)  # False: somebody looks before it is given to anybody (REP-6)
    part2 = models.BooleanField(default=False)  # substance use records were in it
    psychotherapy = models.BooleanField(default=False)  # psychotherapy notes were in it
    source_id = models.UUIDField(null=True)  # the incident or release it was written from
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversal")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["client", "-on"])]
        constraints = [
            models.CheckConstraint(condition=Q(basis__in=sorted(each.value for each in Basis)), name="basis_known"),
            models.CheckConstraint(condition=_in_or_out(), name="left_out_by_its_code_alone"),
            models.UniqueConstraint(fields=["client", "source_id"], condition=Q(reverses=None), name="disclosed_once_a_source"),
        ]

    class Privacy:
        open = [
            "id", "version", "client", "on", "basis", "whom", "accountable", "excluded", "in_portal", "part2", "psychotherapy", "source_id",
            "reverses", "made_by", "made_at",
        ]  # fmt: skip
        sealed = ["recipient", "address", "description", "purpose", "details"]

    def __str__(self) -> str:
        return f"disclosure {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)
