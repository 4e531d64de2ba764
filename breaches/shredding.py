"""Until an incident is over, whoever it affects must be told: their keys are needed."""

from __future__ import annotations

from clients.models import Client

from .models import Affected
from .models.states import OPEN


def still_told(client: Client) -> list[str]:
    """Why the keys of ``client`` are needed still, in words."""
    open_ones = Affected.objects.filter(client=client, incident__state__in=OPEN, removed_at=None)
    numbers = [f"{number}" for number in open_ones.values_list("incident__number", flat=True).order_by("incident__number")]
    return [f"Incident {', '.join(numbers)} counts {client.code} among the affected and is not over. Close it first."] if numbers else []
