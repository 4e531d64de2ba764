"""Keyed tokens by which a client is found without any plain text in the database."""

from __future__ import annotations

from django.db import models

from .client import Client


class SearchToken(models.Model):
    """One way to find one client: a token of a name's beginning, a phone, a mail address or the code."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="tokens")
    token = models.BinaryField()  # 16 bytes, vault.tokens

    class Meta:
        indexes = [models.Index(fields=["token", "client"])]

    class Privacy:
        open = ["id", "client", "token"]

    def __str__(self) -> str:
        return f"token {self.pk}"
