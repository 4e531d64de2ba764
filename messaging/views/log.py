"""The contact log of a client: calls, letters and meetings outside the portal."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from audit.doors import changes, lists
from clients import header
from clients.access import contact_changeable_clients, contact_clients, contact_points
from clients.models import Client
from clients.views import again, me, rows_of
from messaging import access, actions
from messaging.forms.notices import LineForm, line_values
from messaging.models import ContactLine
from practice.refusals import Refused

_SHOWN = 200


@lists(access.contact_lines, within=contact_clients)
def contact_log(request: HttpRequest, client: Client, lines: QuerySet[ContactLine]) -> HttpResponse:
    """Every contact outside the portal, the latest first; a corrected line stands beside the one in its place."""
    rows = rows_of(request, client, contact_clients)
    found = lines.filter(client__in=rows).select_related("corrected_by")[:_SHOWN]
    head = header.of(request, client, "client_contacts")
    return render(request, "messaging/contact_log.html", {"head": head, "client": client, "lines": found})


@changes(contact_changeable_clients)
def contact_log_new(request: HttpRequest, client: Client) -> HttpResponse:
    """One more line."""
    return _write(request, client, None)


@changes(contact_changeable_clients)
def contact_log_correct(request: HttpRequest, client: Client, line: UUID) -> HttpResponse:
    """A line in place of another, which stays."""
    return _write(request, client, get_object_or_404(access.contact_lines(request.user).filter(client=client.pk), pk=line))


def _write(request: HttpRequest, client: Client, former: ContactLine | None) -> HttpResponse:
    values = line_values(former) if former else {}
    form = LineForm(contact_points([client.pk]), request.POST if request.method == "POST" else None, initial=values)
    refusal = None
    if form.is_valid():
        try:
            actions.log_contact(client, form.line(), by=me(request), corrects=former)
            messages.success(request, "Written down.")
            return redirect("contact_log", pk=client.pk)
        except Refused as refused:
            refusal = refused
    head = header.of(request, client, "client_contacts")
    return again(request, "messaging/contact_log_new.html", {"head": head, "form": form, "refusal": refusal, "former": former})
