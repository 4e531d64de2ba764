"""What stands around every page of a client's record: the way back."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse

from clients.calling import called
from clients.models import Client


def _step(label: str, name: str, *args: object) -> list[dict[str, str]]:
    try:
        return [{"label": label, "url": reverse(name, args=args)}]
    except NoReverseMatch:  # the clients' room has not brought the page
        return []


def inside(client: Client, *further: dict[str, str]) -> dict[str, Any]:
    """Context of a page inside ``client``'s record: ``client``, and ``crumbs`` that lead back over the list of sessions."""
    back = [
        *_step("Clients", "client_list"),
        *_step(called(client), "client_detail", client.pk),
        *_step("Sessions & notes", "session_list", client.pk),
    ]
    return {"client": client, "crumbs": [*back, *further]}
