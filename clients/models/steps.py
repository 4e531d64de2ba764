"""The steps by which the work with a client ends, is put away, and begins again."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

from .client import Client

Status = Client.Status

# Every step there is. An archive holds only what was discharged; coming back is a step like any other.
STEPS: dict[Status, tuple[Status, ...]] = {
    Status.ENQUIRY: (Status.INTAKE, Status.ACTIVE, Status.DISCHARGED),
    Status.INTAKE: (Status.ENQUIRY, Status.ACTIVE, Status.DISCHARGED),
    Status.ACTIVE: (Status.INTAKE, Status.DISCHARGED),
    Status.DISCHARGED: (Status.INTAKE, Status.ACTIVE, Status.ARCHIVED),
    Status.ARCHIVED: (Status.INTAKE, Status.ACTIVE, Status.DISCHARGED),
    Status.DESTROYED: (),
}
ENDED = (Status.DISCHARGED, Status.ARCHIVED)
BEFORE = (Status.ENQUIRY, Status.INTAKE)  # what an enquiry that nobody counsels can be closed from


class StatusStep(SealedModel):
    """A discharge, an archiving or a reopening, with its reason. It is added and never changed."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="steps")
    was = models.CharField(max_length=12, choices=Status.choices)
    became = models.CharField(max_length=12, choices=Status.choices)
    on = models.DateField()  # the day it is said to be of; a discharge may be written down later
    reason = SealedText()
    left_open = models.PositiveSmallIntegerField(default=0)  # drafts and sessions without a note that were left, knowingly
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["client", "-taken_at"])]

    class Privacy:
        open = ["id", "version", "client", "was", "became", "on", "left_open", "taken_by", "taken_at"]
        sealed = ["reason"]

    def __str__(self) -> str:
        return f"step {self.pk}"

    @property
    def words(self) -> str:
        """What was done, in words."""
        if self.of_enquiry and self.became == Status.ARCHIVED:
            return "Enquiry closed"
        if self.became == Status.ARCHIVED:
            return "Archived"
        if self.became == Status.DISCHARGED:
            return "Taken out of the archive" if self.was == Status.ARCHIVED else "Discharged"
        return f"Reopened as {self.get_became_display()}"

    @property
    def of_enquiry(self) -> bool:
        """Whether an enquiry was closed, or opened again, that nobody had counseled."""
        return (self.was in BEFORE and self.became == Status.ARCHIVED) or (self.was == Status.ARCHIVED and self.became == Status.ENQUIRY)

    def keyhole(self) -> Keyhole:
        # Not the contact key: why the work ended is the care team's to know, and not the front desk's. An enquiry had no work.
        return Keyhole(self.client_id, "contact" if self.of_enquiry else "record")
