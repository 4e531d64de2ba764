"""Contact safety on the client's Contacts tab: what was agreed for each way, what holds for all, and whose address it is."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from audit.doors import changes, reads
from clients import access, actions, header, reaching
from clients.forms.safety import CodeForm, ProfileForm, WayForm, way_values
from clients.models import Channel, Client, ContactPoint
from clients.reaching import KIND_OF
from clients.safety import picture
from practice.refusals import Refused

from . import again, me

CODES_BY = {ContactPoint.Kind.MAIL: Channel.MAIL, ContactPoint.Kind.PHONE: Channel.SMS, ContactPoint.Kind.POST: Channel.POST}


def channel_of(word: str) -> Channel:
    """The channel of that name; 404 for anything else."""
    if word not in Channel.values:
        raise Http404
    return Channel(word)


@reads(access.contact_clients)
def client_safety(request: HttpRequest, client: Client) -> HttpResponse:
    """How they may be reached: each way, for what, where, when; never ways; and what was agreed on an earlier day."""
    context = {"head": header.of(request, client, "client_contacts"), "client": client, **picture(client)}
    return render(request, "clients/client_safety.html", context)


def way_form(request: HttpRequest, client: Client, channel: Channel, *, own: bool) -> WayForm:
    """The form of ``channel``, with what holds now."""
    points = list(access.contact_points([client.pk]))
    row = reaching.standing(client).filter(channel=channel).order_by("never", "-valid_from").first()
    first = next((point for point in points if point.kind == KIND_OF.get(channel)), None)
    return WayForm(channel, points, request.POST if request.method == "POST" else None, initial=way_values(row, first), own=own)


def keep_way(request: HttpRequest, client: Client, form: WayForm) -> Refused | None:
    """Keep what the form says; the refusal where a rule says no."""
    try:
        actions.agree(client, form.terms, by=me(request), point=form.chosen)
        if form.chosen and form.cleaned_data.get("heard"):
            actions.heard(form.chosen, by=me(request))
    except Refused as refused:
        return refused
    messages.success(request, "Saved. It holds from now on.")
    return None


@changes(access.contact_changeable_clients)
def safety_way(request: HttpRequest, client: Client, channel: str) -> HttpResponse:
    """What is agreed for one way, with the risks gone through together (CM-3)."""
    form, refusal = way_form(request, client, channel_of(channel), own=False), None
    if form.is_valid():
        refusal = keep_way(request, client, form)
        if refusal is None:
            return redirect("client_safety", pk=client.pk)
    head = header.of(request, client, "client_contacts")
    return again(request, "clients/safety_way.html", {"head": head, "form": form, "refusal": refusal, "channel": channel_of(channel)})


@changes(access.contact_changeable_clients)
def safety_profile(request: HttpRequest, client: Client) -> HttpResponse:
    """The name to ask for, words to avoid, the zone of their hours, whom to call, and leaving the portal quickly."""
    form = ProfileForm(request.POST if request.method == "POST" else None, now=reaching.profile_of(client))
    if not form.is_valid():
        return again(request, "clients/safety_profile.html", {"head": header.of(request, client, "client_contacts"), "form": form})
    actions.keep_profile(client, by=me(request), **form.cleaned_data)
    messages.success(request, "Saved. It holds from now on.")
    return redirect("client_safety", pk=client.pk)


def prove(request: HttpRequest, point: ContactPoint, form: CodeForm) -> bool:
    """Send a code to ``point``, or judge the one that was said; whether the address is known to be theirs now."""
    if form.is_valid() and form.cleaned_data["code"]:
        if actions.say_code(point, form.cleaned_data["code"], by=me(request)):
            messages.success(request, "That was the code. The address is known to be theirs.")
            return True
        messages.error(request, "That was not the code, or it is too old. After five tries a new one is needed.")
        return False
    actions.send_code(point, CODES_BY[ContactPoint.Kind(point.kind)], by=me(request))
    messages.success(request, "A code is on its way. It says nothing of us.")
    return False


@changes(access.contact_changeable_clients)
def address_code(request: HttpRequest, client: Client, point: UUID) -> HttpResponse:
    """Send a code to an address, and take it when it is said back (CM-6); or say that one heard it."""
    found = get_object_or_404(client.contact_points, pk=point)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and request.POST.get("heard"):
        actions.heard(found, by=me(request))
        return redirect("client_contacts", pk=client.pk)
    if request.method == "POST" and prove(request, found, form):
        return redirect("client_contacts", pk=client.pk)
    head = header.of(request, client, "client_contacts")
    return render(request, "clients/address_code.html", {"head": head, "form": form, "point": found})
