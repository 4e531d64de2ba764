"""The portal: what clients and their representatives see of the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from audit.doors import lists, reads
from clients import access
from clients.models import Client
from clients.views import me
from practice.access import portal_practice
from practice.models import Practice, User

TOLD = 5  # openings in an emergency that the overview shows


@dataclass(frozen=True)
class Waiting:
    """Something of a room further right that waits for somebody in the portal. ``find`` opens no text; ``row`` shows one as ``row``."""

    title: str | Promise  # a marked string, in the reader's language
    row: str  # a template
    find: Callable[[User], list[dict[str, Any]]]


waiting: list[Waiting] = []  # rooms bring theirs in their AppConfig's ``ready``


@lists(access.portal_clients, within=portal_practice)
def portal_home(request: HttpRequest, practice: Practice, clients: QuerySet[Client]) -> HttpResponse:
    """What waits for this person, and the records they may see: their own, and those of whom they represent."""
    own = set(access.own_clients(request.user).values_list("pk", flat=True))
    records = [{"client": client, "own": client.pk in own} for client in clients.defer("born_on", "languages", "emergency")]
    found = [(each, each.find(me(request))) for each in waiting]
    context = {"records": records, "waiting": [pair for pair in found if pair[1]]}
    context |= {"emergencies": access.told_emergencies(request.user)[:TOLD], "names": practice.names_staff}
    return render(request, "clients/portal_home.html", context)


@reads(access.portal_clients)
def portal_record(request: HttpRequest, client: Client) -> HttpResponse:
    """One record: name, code, the care team; and to the client themself the addresses they gave."""
    context = {
        "client": client,
        "team": access.care_team(client),
        "own": access.own_clients(request.user).filter(pk=client.pk).exists(),
        "points": access.portal_contact_points(request.user).filter(client=client),
    }
    return render(request, "clients/portal_record.html", context)
