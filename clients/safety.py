"""What the pages of contact safety show of a client whom a door gave."""

from __future__ import annotations

from typing import Any

from clients import reaching
from clients.models import Channel, Client, ContactPoint, ReplacedAddress, SafetyProfile, SafeWay


def picture(client: Client) -> dict[str, Any]:
    """What holds now for each channel, what held before, and the addresses that were put away."""
    rows = list(SafeWay.objects.filter(client=client.pk, representative=None).select_related("recorded_by").order_by("-valid_from", "pk"))
    return {
        "channels": [(channel, [row for row in rows if row.channel == channel and row.valid_to is None]) for channel in Channel],
        "unsigned": any(row.valid_to is None and not row.signature and (row.never or row.discussed_at) for row in rows),
        "former": [row for row in rows if row.valid_to is not None],
        "profile": reaching.profile_of(client),
        "former_profiles": SafetyProfile.objects.filter(client=client.pk, valid_to__isnull=False).order_by("-valid_from"),
        "replaced": ReplacedAddress.objects.filter(client=client.pk).order_by("-since"),
        "points": {point.pk: point for point in ContactPoint.objects.filter(client=client.pk)},
    }
