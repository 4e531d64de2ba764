"""Who may read the accounting. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from clients.access import denied, granted
from clients.models.team import CLINICAL

from .models import Disclosure


def readable_disclosures(user: Any) -> QuerySet[Disclosure]:
    """The care team, while their grant is in force."""
    mine = Disclosure.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    return mine.select_related("made_by").order_by("-on", "-made_at", "pk")
