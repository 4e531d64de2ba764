"""The goals of a treatment plan, and which notes worked on them."""

from __future__ import annotations

from django.db import models

from vault.fields import SealedModel, SealedText
from vault.keys import Keyhole

from .notes import Note


class Goal(SealedModel):
    """One goal of a signed plan, made from its lines as it is signed, and as final as the plan."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="goals")
    plan = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="goals")
    position = models.PositiveSmallIntegerField()
    text = SealedText()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["plan", "position"], name="one_goal_in_each_place")]

    class Privacy:
        open = ["id", "version", "client", "plan", "position"]
        sealed = ["text"]

    def __str__(self) -> str:
        return f"goal {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(self.client_id, "record")


class GoalLink(models.Model):
    """A progress note worked on a goal. The goal's words stand in the note as well, and are signed with it."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="goal_links")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "goal"], name="names_a_goal_once")]

    class Privacy:
        open = ["id", "note", "goal"]

    def __str__(self) -> str:
        return f"goal link {self.pk}"
