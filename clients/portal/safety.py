"""The portal: the client says how they may be reached, and whoever represents them says it of their own address alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from audit.doors import changes, reads
from clients import access, actions, reaching
from clients.forms.safety import ALLOWED, NEVER, AddressForm, CodeForm, OwnMailForm, ProfileForm
from clients.models import Channel, Client, Representative
from clients.safety import picture
from clients.views import again, me
from clients.views.safety import channel_of, keep_way, prove, way_form
from practice.access import portal_practice
from practice.factors import reauthenticated
from practice.models import Practice


@reads(access.own_clients)
def portal_safety(request: HttpRequest, client: Client) -> HttpResponse:
    """How we may reach you: each way, and what holds for all of them."""
    return render(request, "clients/portal_safety.html", {"client": client, **picture(client)})


@changes(portal_practice)
def portal_way(request: HttpRequest, practice: Practice, client: UUID, channel: str) -> HttpResponse:
    """One way: whether, for what, where and when; the risks are read and ticked by the client themself (CM-3)."""
    mine = get_object_or_404(access.own_clients(request.user), pk=client)
    form, refusal = way_form(request, mine, channel_of(channel), own=True), None
    if form.is_valid():
        refusal = keep_way(request, mine, form)
        if refusal is None:
            return redirect("portal_safety", pk=mine.pk)
    context = {"client": mine, "form": form, "refusal": refusal, "channel": channel_of(channel)}
    return again(request, "clients/portal_way.html", context)


@changes(portal_practice)
def portal_safety_profile(request: HttpRequest, practice: Practice, client: UUID) -> HttpResponse:
    """What holds for every way, and the button to leave quickly."""
    mine = get_object_or_404(access.own_clients(request.user), pk=client)
    form = ProfileForm(request.POST if request.method == "POST" else None, now=reaching.profile_of(mine))
    if not form.is_valid():
        return again(request, "clients/portal_safety_profile.html", {"client": mine, "form": form})
    actions.keep_profile(mine, by=me(request), **form.cleaned_data)
    messages.success(request, "Saved. It holds from now on.")
    return redirect("portal_safety", pk=mine.pk)


@reauthenticated
@changes(portal_practice)
def portal_address(request: HttpRequest, practice: Practice, client: UUID) -> HttpResponse:
    """A new address, after fresh proof of who one is: nothing goes there before a code came back from it (CM-6)."""
    mine = get_object_or_404(access.own_clients(request.user), pk=client)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return again(request, "clients/portal_address.html", {"client": mine, "form": form})
    point = actions.add_contact_point(mine, by=me(request), may_contact=True, **form.cleaned_data)
    return redirect("portal_address_code", client=mine.pk, point=point.pk)


@changes(portal_practice)
def portal_address_code(request: HttpRequest, practice: Practice, client: UUID, point: UUID) -> HttpResponse:
    """A code to an address of one's own, and back."""
    mine = get_object_or_404(access.own_clients(request.user), pk=client)
    found = get_object_or_404(mine.contact_points, pk=point)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and prove(request, found, form):
        return redirect("portal_safety", pk=mine.pk)
    return render(request, "clients/portal_address_code.html", {"client": mine, "form": form, "point": found})


@changes(portal_practice)
def portal_own_mail(request: HttpRequest, practice: Practice, client: UUID) -> HttpResponse:
    """Whoever represents somebody says of the address they sign in with whether and when it may be written to."""
    mine = get_object_or_404(access.portal_clients(request.user), pk=client)
    who = get_object_or_404(Representative, client=mine.pk, user=request.user.pk)
    row = reaching.standing(mine, who).filter(channel=Channel.MAIL).first()
    before: dict[str, Any] = {"use": NEVER if row and row.never else ALLOWED}
    before |= {"days": [str(day) for day in row.days], "opens": row.opens, "closes": row.closes} if row else {}
    form = OwnMailForm(request.POST if request.method == "POST" else None, initial=before)
    if not form.is_valid():
        return again(request, "clients/portal_own_mail.html", {"client": mine, "form": form})
    actions.agree(mine, form.terms, by=me(request), representative=who)
    messages.success(request, "Saved. It holds from now on.")
    return redirect("portal_record", pk=mine.pk)
