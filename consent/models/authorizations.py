"""What an authorization to release information names: what, from whom, to whom, why, until when (AU-1)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

from .asking import COMPARTMENT, Request


class Authorization(SealedModel):
    """The particulars of a release that is asked for; signed with it, and final from then on."""

    class Kind(models.TextChoices):
        GENERAL = "general", "health information"
        PSYCHOTHERAPY = "psychotherapy", "psychotherapy notes"  # alone, never combined (AU-4)
        PART2 = "part2", "substance use records"
        PART2_NOTES = "part2_notes", "substance use counseling notes"  # alone (P2-4)
        PART2_PROCEEDINGS = "part2_proceed", "substance use records: legal proceedings"  # alone (P2-5)

    class Purpose(models.TextChoices):
        TREATMENT = "treatment", "treatment by somebody else"
        PAYMENT = "payment", "payment"
        TPO = "tpo", "treatment, payment and operations"  # of substance use records alone (P2-2, P2-3)
        LEGAL = "legal", "legal proceedings"
        SCHOOL = "school", "school"
        EMPLOYMENT = "employment", "employment"
        REQUEST = "request", "at the client's request"
        OTHER = "other", "other"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="authorizations")
    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="authorization")
    kind = models.CharField(max_length=13, choices=Kind.choices)
    information = ArrayField(models.CharField(max_length=20))  # keys of consent/law/information.toml
    from_date = models.DateField(null=True)  # of the information
    to_date = models.DateField(null=True)
    description = SealedText()
    from_party = SealedText()
    to_party = SealedText()
    to_address = SealedText()
    recipient = models.BinaryField()  # keyed token of the recipient's name, to ask whether this one is authorized
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    purpose_words = SealedText()
    expires_on = models.DateField(null=True)
    expiry_event = SealedText()  # "the end of treatment"; empty where a date is named, or no end (P2-2)
    event_at = models.DateTimeField(null=True)  # when that happened

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="psychotherapy", information=["psychotherapy_notes"])
                | Q(kind="part2_notes", information=["part2_notes"])
                | Q(~Q(kind__in=["psychotherapy", "part2_notes"]), ~Q(information__overlap=["psychotherapy_notes", "part2_notes"])),
                name="kept_apart_notes_are_released_alone",
            ),
            models.CheckConstraint(condition=~Q(information=[]), name="authorization_names_information"),
            models.CheckConstraint(
                condition=Q(from_date=None) | Q(to_date=None) | Q(to_date__gte=F("from_date")), name="authorization_dates_in_order"
            ),
        ]

    class Privacy:
        open = [
            "id", "version", "client", "request", "kind", "information", "from_date", "to_date", "recipient", "purpose",
            "expires_on", "event_at",
        ]  # fmt: skip
        sealed = ["description", "from_party", "to_party", "to_address", "purpose_words", "expiry_event"]

    def __str__(self) -> str:
        return f"authorization {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)
