"""How long a client's record is kept, rule by rule."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit.doors import reads
from clients import header
from clients.access import readable_clients
from clients.models import Client
from clients.models.steps import ENDED
from clients.views import rows_of, under_kept
from records import keeping, retention


@reads(readable_clients)
@under_kept(readable_clients)
def client_keeping(request: HttpRequest, client: Client) -> HttpResponse:
    """Until when, by which rule, and how that was counted."""
    rows = rows_of(request, client, readable_clients)
    context = {
        "periods": keeping.kept(client, rows), "ended": client.status in ENDED, "unborn": keeping.unborn(client),
        "checked": retention.checked(), "client": client, "head": header.of(request, client, "session_list"),
    }  # fmt: skip
    return render(request, "records/client_keeping.html", context)
