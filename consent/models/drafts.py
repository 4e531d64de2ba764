"""What somebody has answered so far and not sent: theirs alone, gone with their signature."""

from __future__ import annotations

from django.db import models

from audit import clock
from vault.fields import SealedJSON, SealedModel
from vault.keys import Keyhole

from .asking import COMPARTMENT, Signer


class AnswerDraft(SealedModel):
    """A signer's answers to a questionnaire or check, saved while they write. Staff never see it: nothing of it is given yet.

    ``version`` is the row's own: two tabs do not overwrite each other.
    """

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    signer = models.OneToOneField(Signer, on_delete=models.PROTECT, related_name="draft")
    answers = SealedJSON()  # field of the form -> what stands in it
    saved_at = models.DateTimeField(default=clock.now)

    class Privacy:
        open = ["id", "version", "client", "signer", "saved_at"]
        sealed = ["answers"]

    def __str__(self) -> str:
        return f"answer draft {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, COMPARTMENT)

    @classmethod
    def kept_of(cls, signer: Signer) -> AnswerDraft | None:
        """What ``signer`` has kept so far."""
        return cls.objects.filter(signer=signer).first()
