"""Brings in the templates of consent forms that are shipped; run at the first start, and again after an update if you like."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from audit import doors
from consent.actions import bring_in_templates


class Command(BaseCommand):
    """The command."""

    help = "Bring in the shipped templates as drafts, for the practice to review and approve; what exists is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring in what is missing."""
        with doors.system("consent_templates"):
            brought = bring_in_templates()
        self.stdout.write(f"{brought.drafts} new drafts, {brought.packets} new packets.")
