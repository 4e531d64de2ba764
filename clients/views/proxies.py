"""Staff pages about those who stand for a client: until when, and why somebody is kept out of the portal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from audit.doors import changes
from clients import access, actions, header
from clients.age import limits_here
from clients.forms.portal import DatesForm, RefusalForm
from clients.models import Client
from practice.refusals import Refused

from . import again, me


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _done(request: HttpRequest, client: Client, said: str, page: str = "portal_access") -> HttpResponse:
    messages.success(request, said)
    return redirect(page, pk=client.pk)


@changes(access.contact_changeable_clients)
def representative_dates(request: HttpRequest, client: Client, representative: UUID) -> HttpResponse:
    """Give an authority another end; what it opened in the portal ends with it (RG-12)."""
    person = get_object_or_404(client.representatives, pk=representative)
    form = DatesForm(_sent(request), initial={"until": person.until and person.until.date()})
    if not form.is_valid():
        return again(
            request,
            "clients/representative_dates.html",
            {"head": header.of(request, client, "client_contacts"), "form": form, "person": person},
        )
    actions.date_representation(person, form.cleaned_data["until"], by=me(request))
    return _done(request, client, "Saved.", "client_contacts")


@changes(access.counseled_clients)
def representative_refuse(request: HttpRequest, client: Client, representative: UUID) -> HttpResponse:
    """Keep a representative out of the portal, with the reasons (RG-13)."""
    person = get_object_or_404(client.representatives, pk=representative)
    form = RefusalForm(_sent(request))
    context = {"head": header.of(request, client, "client_contacts"), "form": form, "person": person}
    if not form.is_valid():
        return again(request, "clients/representative_refuse.html", context)
    try:
        actions.refuse_representative(person, by=me(request), reason=form.cleaned_data["reason"])
    except Refused as refusal:
        return again(request, "clients/representative_refuse.html", context | {"refusal": refusal})
    return _done(request, client, "They are kept out from now on.")


@changes(access.counseled_clients)
def client_alone(request: HttpRequest, client: Client) -> HttpResponse:
    """A minor holds the rights alone for this counseling, where law and practice allow it (IC-31)."""
    form = RefusalForm(_sent(request))
    context = {"head": header.of(request, client, "client_contacts"), "form": form, "limits": limits_here()}
    if not form.is_valid():
        return again(request, "clients/client_alone.html", context)
    try:
        actions.let_minor_consent_alone(client, by=me(request), reason=form.cleaned_data["reason"])
    except Refused as refusal:
        return again(request, "clients/client_alone.html", context | {"refusal": refusal})
    return _done(request, client, "Nobody represents the client in the portal from now on.")


@changes(access.counseled_clients)
def refusal_lift(request: HttpRequest, client: Client, refusal: UUID) -> HttpResponse:
    """Let representatives be invited again."""
    row = get_object_or_404(client.proxy_refusals, pk=refusal)
    if request.method != "POST":
        return render(request, "clients/refusal_lift.html", {"head": header.of(request, client, "client_contacts"), "refusal_row": row})
    actions.lift_refusal(row, by=me(request))
    return _done(request, client, "Lifted. Invite them anew if they are to see the portal.")
