"""Staff pages about the portal: who is in it, who is invited, and the words that are told to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from audit import clock
from audit.doors import changes, reads
from clients import access, header
from clients.actions import inviting
from clients.forms.portal import PortalInviteForm
from clients.models import Client, ContactPoint
from practice.refusals import Refused

from . import again, me


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _people(client: Client) -> list[Any]:
    now = clock.now()
    return [person for person in client.representatives.order_by("since") if person.until is None or person.until > now]


def _shown_once(request: HttpRequest, client: Client, handed: inviting.Handed) -> HttpResponse:
    return render(
        request, "clients/portal_invited.html", {"head": header.of(request, client, "client_contacts"), "client": client, "handed": handed}
    )


@reads(access.contact_changeable_clients)
def portal_access(request: HttpRequest, client: Client) -> HttpResponse:
    """Who is in the portal for this client until when, and the invitations with their states."""
    context = {
        "head": header.of(request, client, "client_contacts"),
        "client": client,
        "grants": access.in_portal(client).select_related("user", "permission").order_by("since"),
        "invitations": access.kept_invitations(request.user).filter(client=client)[:20],
        "people": _people(client),
        "refusals": access.kept_refusals(request.user).filter(client=client),
    }
    return render(request, "clients/portal_access.html", context)


@changes(access.contact_changeable_clients)
def portal_invite(request: HttpRequest, client: Client) -> HttpResponse:
    """Invite the client, or somebody with authority for them. The words are shown once, in the answer."""
    points = client.contact_points.filter(kind=ContactPoint.Kind.MAIL, may_contact=True).order_by("pk")
    form = PortalInviteForm(_sent(request), people=_people(client), points=points, initial={"who": "self"})
    context = {"head": header.of(request, client, "client_contacts"), "form": form}
    if not form.is_valid():
        return again(request, "clients/portal_invite.html", context)
    try:
        handed = inviting.invite_to_portal(client, by=me(request), representative=form.representative, point=form.point)
    except Refused as refusal:
        return again(request, "clients/portal_invite.html", context | {"refusal": refusal})
    return _shown_once(request, client, handed)


def _renewed(request: HttpRequest, client: Client, invitation: UUID, template: str, verb: Any) -> HttpResponse:
    found = get_object_or_404(client.portal_invitations, pk=invitation)
    context = {"head": header.of(request, client, "client_contacts"), "invitation": found}
    if request.method != "POST":
        return render(request, template, context)
    try:
        return _shown_once(request, client, verb(found, by=me(request)))
    except Refused as refusal:
        return again(request, template, context | {"refusal": refusal})


@changes(access.contact_changeable_clients)
def portal_resend(request: HttpRequest, client: Client, invitation: UUID) -> HttpResponse:
    """A new link; the words stay as they were told."""
    return _renewed(request, client, invitation, "clients/portal_resend.html", inviting.send_portal_link)


@changes(access.contact_changeable_clients)
def portal_words(request: HttpRequest, client: Client, invitation: UUID) -> HttpResponse:
    """New words and a new link, where the old words are forgotten or were guessed at."""
    return _renewed(request, client, invitation, "clients/portal_words.html", inviting.new_portal_words)


@changes(access.contact_changeable_clients)
def portal_withdraw(request: HttpRequest, client: Client, invitation: UUID) -> HttpResponse:
    """The invitation stops working now."""
    found = get_object_or_404(client.portal_invitations, pk=invitation)
    if request.method != "POST":
        return render(request, "clients/portal_withdraw.html", {"head": header.of(request, client, "client_contacts"), "invitation": found})
    inviting.withdraw_portal_invitation(found, by=me(request))
    messages.success(request, "Withdrawn. Link and words no longer work.")
    return redirect("portal_access", pk=client.pk)
