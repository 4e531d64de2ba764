"""Contact points and representatives: what the front desk sees of a client, and nothing clinical."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from audit import clock
from audit.doors import changes, reads
from clients import access, actions, header
from clients.forms.contact import ContactPointForm, RepresentativeForm
from clients.models import Client

from . import again, me, rows_of, under_kept


def _back(client: Client, said: str, request: HttpRequest) -> HttpResponse:
    messages.success(request, said)
    return redirect("client_contacts", pk=client.pk)


@reads(access.contact_clients)
@under_kept(access.contact_clients)
def client_contacts(request: HttpRequest, client: Client) -> HttpResponse:
    """How to reach the client safely, whom to call in danger, and who stands for them."""
    rows = rows_of(request, client, access.contact_clients)
    people = list(access.representatives(rows))
    now = clock.now()
    context = {
        "head": header.of(request, client, "client_contacts"),
        "client": client,
        "points": access.contact_points(rows),
        "persons": [client, *access.contact_clients(request.user).filter(pk__in=rows[1:])],
        "representatives": [person for person in people if person.until is None or person.until > now],
        "former": [person for person in people if person.until is not None and person.until <= now],
        "now": now,
    }
    return render(request, "clients/client_contacts.html", context)


@changes(access.contact_changeable_clients)
@under_kept(access.contact_changeable_clients)
def contact_point_new(request: HttpRequest, client: Client) -> HttpResponse:
    """Another phone, mail or post address."""
    form = ContactPointForm(request.POST if request.method == "POST" else None, initial={"kind": "phone"})
    if not form.is_valid():
        return again(request, "clients/contact_point_new.html", {"head": header.of(request, client), "form": form})
    actions.add_contact_point(client, by=me(request), **form.cleaned_data)
    return _back(client, "Added.", request)


@changes(access.contact_changeable_clients)
def contact_point_edit(request: HttpRequest, client: Client, point: UUID) -> HttpResponse:
    """Change an address or what it may be used for."""
    found = get_object_or_404(client.contact_points, pk=point)
    form = ContactPointForm(request.POST if request.method == "POST" else None, point=found)
    if not form.is_valid():
        return again(request, "clients/contact_point_edit.html", {"head": header.of(request, client), "form": form, "point": found})
    actions.change_contact_point(found, by=me(request), **form.cleaned_data)
    return _back(client, "Saved.", request)


@changes(access.contact_changeable_clients)
def contact_point_remove(request: HttpRequest, client: Client, point: UUID) -> HttpResponse:
    """Remove an address that is no longer theirs."""
    found = get_object_or_404(client.contact_points, pk=point)
    if request.method != "POST":
        return render(request, "clients/contact_point_remove.html", {"head": header.of(request, client), "point": found})
    actions.remove_contact_point(found, by=me(request))
    return _back(client, "Removed.", request)


@changes(access.contact_changeable_clients)
@under_kept(access.contact_changeable_clients)
def representative_new(request: HttpRequest, client: Client) -> HttpResponse:
    """A parent, guardian or caseworker, with their authority and its dates."""
    form = RepresentativeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return again(request, "clients/representative_new.html", {"head": header.of(request, client), "form": form})
    actions.add_representative(client, by=me(request), **form.cleaned_data)
    return _back(client, "Added.", request)


@changes(access.contact_changeable_clients)
def representative_end(request: HttpRequest, client: Client, representative: UUID) -> HttpResponse:
    """End an authority now; access to the portal ends with it (RG-12)."""
    person = get_object_or_404(client.representatives.exclude(until__lte=clock.now()), pk=representative)
    if request.method != "POST":
        return render(request, "clients/representative_end.html", {"head": header.of(request, client), "person": person})
    actions.end_representation(person, by=me(request))
    return _back(client, "The authority has ended.", request)
