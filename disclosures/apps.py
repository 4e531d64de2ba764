"""The room of disclosures."""

from __future__ import annotations

from django.apps import AppConfig


class DisclosuresConfig(AppConfig):
    """Keeps the accounting."""

    name = "disclosures"
