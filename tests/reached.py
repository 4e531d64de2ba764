"""What tests need of contact safety: an address that may be used, as if its risks had been gone through in the room."""

from __future__ import annotations

from typing import Any

from clients import actions as clients
from clients.models import Channel, Client, ContactPoint, Purpose
from clients.risks import risks
from practice.models import User

CHANNELS = {"mail": [Channel.MAIL], "phone": [Channel.VOICE, Channel.SMS], "post": [Channel.POST]}


def may_use(client: Client, by: User, point: ContactPoint, *channels: str, **more: Any) -> ContactPoint:
    """``point`` is ``client``'s own, and may be used for everything: by ``channels``, or all but voicemail. Call it behind a door."""
    terms: dict[str, Any] = {"purposes": Purpose.values} | more
    for channel in channels or CHANNELS[point.kind]:
        clients.agree(client, clients.Terms(channel, ticked=list(risks(channel)), **terms), by=by, point=point)
    clients.heard(point, by=by)
    return point


def reachable(client: Client, by: User, kind: str, address: str, *channels: str, **more: Any) -> ContactPoint:
    """A new address of ``client`` that may be used."""
    return may_use(client, by, clients.add_contact_point(client, by=by, kind=kind, address=address, may_contact=True), *channels, **more)
