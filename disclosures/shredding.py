"""Until what a client asked for is answered, their keys are needed."""

from __future__ import annotations

from django.db.models import Q

from clients.models import Client

from .models import AccountingRequest, RightsRequest


def still_asked(client: Client) -> list[str]:
    """Why the keys of ``client`` are needed still, in words."""
    asked = RightsRequest.objects.filter(client=client, closed_at=None).count()
    asked += AccountingRequest.objects.filter(Q(given_at=None) & Q(withdrawn_at=None), client=client).count()
    return [f"Requests of {client.code} that are not answered: {asked}. Answer them first."] if asked else []
