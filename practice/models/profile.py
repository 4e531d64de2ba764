"""The practice's own profile and sign, and the signs of life of its worker and beat."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.gate import PRACTICE
from vault.keys import Keyhole

SHORTEST_IDLE, LONGEST_IDLE = 5, 15  # minutes; settings may shorten the longest (ASVS 7.3.1)
LONGEST_LATE = 24 * 14  # hours


class Practice(models.Model):
    """The one practice of this installation. Doors to pages without a client hang on this row.

    The flags say which rule sets hold here (GEN-8); what each one switches stands beside it on the profile page.
    """

    id = models.UUIDField(primary_key=True, default=PRACTICE, editable=False)
    name = models.CharField(max_length=80, default="The practice")
    timezone = models.CharField(max_length=40, default="America/Los_Angeles")
    late_after_hours = models.PositiveIntegerField(default=24)  # a note begun later than this is labelled late entry
    idle_minutes = models.PositiveSmallIntegerField(
        default=LONGEST_IDLE, validators=[MinValueValidator(SHORTEST_IDLE), MaxValueValidator(LONGEST_IDLE)]
    )
    reply_time = models.CharField(max_length=80, default="within two working days")  # told before somebody writes a message
    crisis_words = models.CharField(max_length=300, blank=True, default="")  # beside where to turn in a crisis, by the law of the place
    states = ArrayField(models.CharField(max_length=2), default=list, blank=True)  # postal codes, such as "OR"
    minors_alone = models.BooleanField(default=False)  # the practice counsels minors without a guardian where the law allows it (IC-31)
    names_staff = models.BooleanField(default=True)  # to clients, in "who opened my record": by name, or by role alone
    is_covered_entity = models.BooleanField(default=True)
    is_part2_program = models.BooleanField(default=False)
    holds_part2_records = models.BooleanField(default=False)
    ca_licensed_clinic = models.BooleanField(default=False)
    gdpr = models.BooleanField(default=False)
    uk_gdpr = models.BooleanField(default=False)
    pipeda = models.BooleanField(default=False)
    phipa_on = models.BooleanField(default=False)
    au_privacy = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=PRACTICE), name="one_practice"),
            models.CheckConstraint(condition=Q(idle_minutes__range=(SHORTEST_IDLE, LONGEST_IDLE)), name="idle_minutes_within_the_limit"),
        ]

    class Privacy:
        open = [
            "id", "name", "timezone", "late_after_hours", "idle_minutes", "reply_time", "crisis_words", "states",
            "minors_alone", "names_staff", "is_covered_entity",
            "is_part2_program", "holds_part2_records", "ca_licensed_clinic", "gdpr", "uk_gdpr", "pipeda", "phipa_on", "au_privacy",
        ]  # fmt: skip

    def __str__(self) -> str:
        return "the practice"


class Ownership(SealedModel):
    """To whom the records belong: chosen once; another choice later is another row with its reason, and works from then on."""

    class Model(models.TextChoices):
        PRACTICE = "practice", "the practice"
        COUNSELOR = "counselor", "the counselor"

    model = models.CharField(max_length=9, choices=Model.choices)
    chosen_by = models.ForeignKey("practice.User", on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(default=clock.now)
    reason = SealedText()

    class Privacy:
        open = ["id", "version", "model", "chosen_by", "chosen_at"]
        sealed = ["reason"]

    def __str__(self) -> str:
        return f"ownership {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")


class Logo(models.Model):
    """The practice's sign, drawn again by us as WebP: what was uploaded is not kept. Apart from the practice, which is read often."""

    practice = models.OneToOneField(Practice, primary_key=True, on_delete=models.CASCADE)
    image = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    changed_at = models.DateTimeField(default=clock.now)

    class Privacy:
        open = ["practice", "image", "width", "height", "changed_at"]

    def __str__(self) -> str:
        return "the practice's logo"


class Heartbeat(models.Model):
    """When a part of the house last showed that it is alive."""

    part = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    class Privacy:
        open = ["part", "at"]

    def __str__(self) -> str:
        return self.part
