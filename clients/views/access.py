"""The Access tab: who opened this record, for the care team and the admins."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit.doors import lists
from audit.models import Event
from clients import access, header, history
from clients.forms.team import LinesForm
from clients.models import Client
from clients.paging import page_of

from . import rows_of, under_kept

SIZE = 100  # lines of the trail on a page, before repeats are folded


@lists(access.watched_lines, within=access.watched_clients)
@under_kept(access.watched_clients)
def client_access(request: HttpRequest, client: Client, lines: QuerySet[Event]) -> HttpResponse:
    """Every line about this client, newest first, however old; repeats folded, people outside the care team marked."""
    about = lines.filter(client_id__in=rows_of(request, client, access.watched_clients))
    idents = about.order_by().exclude(actor_id=None).values_list("actor_id", flat=True).distinct()
    names = history.names_of(idents)
    form = LinesForm(request.POST if request.method == "POST" else None, people=names)
    keys = {name: request.POST.get(name, "") for name in ("newer", "older")}
    page = page_of(about.filter(**form.conditions), order=("-at", "-id"), size=SIZE, **keys)
    head = header.of(request, client, "client_access")
    context = {"head": head, "form": form, "page": page, "lines": history.told(client, page.rows, names), "filtered": bool(form.conditions)}
    return render(request, "clients/client_access.html", context, status=422 if form.errors else 200)
