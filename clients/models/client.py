"""A client: one person, or a couple, family or group as a unit of persons."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedDate, SealedJSON, SealedModel, SealedText
from vault.keys import Keyhole


class Client(SealedModel):
    """Who is counseled. The code stands for the name wherever a name must not be seen or heard."""

    class Kind(models.TextChoices):
        ADULT = "adult", "adult"
        MINOR = "minor", "minor"
        COUPLE = "couple", "couple"
        FAMILY = "family", "family"
        GROUP = "group", "group"

    class Status(models.TextChoices):
        ENQUIRY = "enquiry", "enquiry"
        INTAKE = "intake", "intake"
        ACTIVE = "active", "active"
        DISCHARGED = "discharged", "discharged"
        ARCHIVED = "archived", "archived"
        DESTROYED = "destroyed", "destroyed"  # keys and rows are gone; the code stays, and a certificate (retention/)

    code = models.CharField(max_length=40, unique=True)  # speakable, such as "amber-heron-42"; says nothing of the person
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.ADULT)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.ENQUIRY)
    given_name = SealedText()
    family_name = SealedText()
    preferred_name = SealedText()
    pronouns = SealedText()
    born_on = SealedDate(null=True)
    languages = SealedText()
    emergency = SealedJSON()  # {"name", "relation", "phone"}
    since = models.DateTimeField(default=clock.now)
    recent_at = models.DateTimeField(default=clock.now)  # last session or note: lists sort by it, names being sealed
    members = models.ManyToManyField("self", through="Member", symmetrical=False, related_name="units")

    class Meta:
        default_permissions = ()
        permissions = [  # what a guardian row on a client can say; see team.Codename
            ("counsel", "counsels the client"),
            ("supervise", "supervises the client's counselor"),
            ("cover", "covers for the counselor"),
            ("execute", "goes on for the counselor, by the limited list"),
            ("portal_self", "is the client"),
            ("portal_represent", "represents the client"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["adult", "minor", "couple", "family", "group"]), name="client_kind_known"),
            models.CheckConstraint(
                condition=Q(status__in=["enquiry", "intake", "active", "discharged", "archived", "destroyed"]),
                name="client_status_known",
            ),
        ]
        indexes = [models.Index(fields=["-recent_at"])]

    class Privacy:
        open = ["id", "version", "code", "kind", "status", "since", "recent_at", "members"]
        sealed = [
            "given_name", "family_name", "preferred_name", "pronouns", "born_on", "languages", "emergency",
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code

    def keyhole(self) -> Keyhole:
        return Keyhole(self.pk, "contact")

    @property
    def is_unit(self) -> bool:
        """Whether this is a couple, family or group rather than one person."""
        return self.kind in UNITS

    @property
    def legal_name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def name(self) -> str:
        """What to call them: the preferred name with the family name, else the legal one."""
        return f"{self.preferred_name or self.given_name} {self.family_name}".strip()


UNITS = (Client.Kind.COUPLE, Client.Kind.FAMILY, Client.Kind.GROUP)


class Member(models.Model):
    """A person's place in a couple, family or group. A grant on the unit is none on the person, nor the other way round.

    Who leaves keeps the row: what they said together is still theirs to release, and who is denied them is denied it (IC-33).
    """

    unit = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="places")
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "person"], name="once_in_a_unit"),
            models.CheckConstraint(condition=~Q(unit=F("person")), name="no_unit_of_itself"),
        ]

    class Privacy:
        open = ["id", "unit", "person", "left_at"]

    def __str__(self) -> str:
        return f"member {self.pk}"
