"""A record is kept longer for a payer or by a promise; and the end of that."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from audit.doors import changes
from clients import header
from clients.access import assignable_clients
from clients.models import Client
from clients.views import again, me
from retention import access, actions
from retention.forms.longer import LongerEndForm, LongerForm
from retention.models import Longer
from retention.payers import name_of

from .holds import done


@changes(assignable_clients)
def longer_new(request: HttpRequest, client: Client) -> HttpResponse:
    """Write down who wants this record kept longer."""
    form = LongerForm(request.POST if request.method == "POST" else None)
    refusal = done(lambda: _keep(form, client, request)) if form.is_valid() else None
    if form.is_bound and form.is_valid() and refusal is None:
        messages.success(request, "Written down. The longest period that applies holds.")
        return redirect("hold_list", pk=client.pk)
    head = header.of(request, client, "client_team")
    return again(request, "retention/longer_new.html", {"head": head, "client": client, "form": form, "refusal": refusal})


def _keep(form: LongerForm, client: Client, request: HttpRequest) -> None:
    data = form.cleaned_data
    actions.keep_longer(client, data["asks"], data["why"], by=me(request), day=data["day"])


@changes(access.endable_longer)
def longer_end(request: HttpRequest, row: Longer) -> HttpResponse:
    """It is over, with a reason. What the law asks stays."""
    form = LongerEndForm(request.POST if request.method == "POST" else None)
    refusal = done(lambda: actions.end_longer(row, form.cleaned_data["why"], by=me(request))) if form.is_valid() else None
    if form.is_bound and form.is_valid() and refusal is None:
        messages.success(request, "Ended. The other periods go on.")
        return redirect("hold_list", pk=row.client_id)
    context = {"row": row, "asks": name_of(row.said["asks"]), "form": form, "refusal": refusal}
    return again(request, "retention/longer_end.html", context)
