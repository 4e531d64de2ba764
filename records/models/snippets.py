"""Snippets: sentences written often, kept by a counselor for themself or for every counselor."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from audit import clock
from vault.fields import SealedModel, SealedText
from vault.gate import PRACTICE
from vault.keys import Keyhole


class Snippet(SealedModel):
    """A piece of text with placeholders. Nothing of a client belongs in it; it is sealed all the same."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="snippets")
    name = SealedText()
    text = SealedText()
    shared = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=clock.now)

    class Privacy:
        open = ["id", "version", "owner", "shared", "changed_at"]
        sealed = ["name", "text"]

    def __str__(self) -> str:
        return f"snippet {self.pk}"

    def keyhole(self) -> Keyhole:
        return Keyhole(PRACTICE, "account")
