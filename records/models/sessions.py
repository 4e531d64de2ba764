"""A session: who met, when, how, and whether it took place."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audit import clock
from vault.fields import SealedJSON, SealedModel, SealedText
from vault.keys import Keyhole


class Setting(models.TextChoices):
    """With how many: one person, or a couple, family or group."""

    INDIVIDUAL = "individual", "individual session"
    COUPLE = "couple", "couple session"
    FAMILY = "family", "family session"
    GROUP = "group", "group session"


class Session(SealedModel):
    """One appointment of a client or unit with a counselor.

    A couple's session is the couple's; each person who was there has a row of their own ``within`` it, in their own
    record, so that nothing there names the unit or anybody else in it (IC-34). ``unit`` is on such a row whose it was: the
    deny list asks.
    """

    class Modality(models.TextChoices):
        IN_PERSON = "in_person", "in person"
        VIDEO = "video", "video"
        PHONE = "phone", "phone"

    class Outcome(models.TextChoices):
        PLANNED = "planned", "planned"
        ATTENDED = "attended", "attended"
        CANCELLED = "cancelled", "cancelled in time"
        LATE = "late", "cancelled late"
        ABSENT = "absent", "did not come"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="sessions")
    counselor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    modality = models.CharField(max_length=10, choices=Modality.choices, default=Modality.IN_PERSON)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.PLANNED)
    crisis = models.BooleanField(default=False)  # held at once, whatever was signed (IC-23)
    recorded = models.BooleanField(default=False)  # in sound or picture, with a permission of its own (IC-35)
    place = SealedText(null=True)  # where the client was, if remote; which room. None on a person's row: it could name another
    setting = models.CharField(max_length=10, choices=Setting.choices, default=Setting.INDIVIDUAL)
    within = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="rows")
    unit = models.ForeignKey("clients.Client", null=True, on_delete=models.PROTECT, related_name="+")
    elsewhere = SealedJSON(null=True)  # of one that was kept in another system: with whom, and where
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(modality__in=["in_person", "video", "phone"]), name="session_modality_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=["planned", "attended", "cancelled", "late", "absent"]), name="session_outcome_known"
            ),
            models.CheckConstraint(condition=Q(setting__in=[each.value for each in Setting]), name="session_setting_known"),
            models.CheckConstraint(
                condition=Q(within=None, unit=None)
                | (
                    Q(within__isnull=False, unit__isnull=False, place__isnull=True)
                    & ~Q(setting="individual")
                    & ~Q(unit=F("client"))
                    & ~Q(within=F("id"))
                ),
                name="a_persons_row_is_within_a_units_session",
            ),
            models.UniqueConstraint(fields=["within", "client"], name="one_row_a_person"),
        ]
        indexes = [models.Index(fields=["client", "-starts_at"]), models.Index(fields=["counselor", "-starts_at"])]

    class Privacy:
        open = [
            "id", "version", "client", "counselor", "starts_at", "ends_at", "modality", "outcome", "crisis", "recorded", "setting",
            "within", "unit", "created_at",
        ]  # fmt: skip
        sealed = ["place", "elsewhere"]

    def __str__(self) -> str:
        return f"session {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, "record")
