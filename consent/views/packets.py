"""Packets: which forms a new client of some kind is sent, in which order."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from audit.doors import changes, lists
from clients.models import Client
from clients.views import again, me
from consent import access, actions
from consent.forms.papers import PacketForm, stored_packet
from consent.models import Packet
from practice.access import governed_practice, staffed_practice
from practice.models import Practice
from practice.refusals import Refused

from .forms import governs

_MOVES = {"up", "down", "out"}


@lists(access.packets, within=staffed_practice)
def packet_list(request: HttpRequest, practice: Practice, packets: QuerySet[Packet]) -> HttpResponse:
    """Every packet with its forms in order, and the kinds of client that none is proposed for."""
    rows = [_row(packet) for packet in packets]
    served = {kind for packet in packets for kind in packet.client_kinds}
    unserved = [label for value, label in Client.Kind.choices if value not in served]
    return render(request, "consent/packet_list.html", {"rows": rows, "unserved": unserved, "governs": governs(request)})


def _row(packet: Packet) -> dict[str, Any]:
    """A packet with its items, each with whether its form can be sent now."""
    items = packet.items.select_related("form").prefetch_related("form__versions")
    kinds = dict(Client.Kind.choices)
    shown = [{"item": item, "ready": any(version.state == "in_force" for version in item.form.versions.all())} for item in items]
    return {"packet": packet, "items": shown, "kinds": [kinds.get(kind, kind) for kind in packet.client_kinds]}


@changes(governed_practice)
def packet_new(request: HttpRequest, practice: Practice) -> HttpResponse:
    """A new packet: its name and for whom; the forms are put in next."""
    form = PacketForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return again(request, "consent/packet_new.html", {"form": form})
    return redirect("packet_edit", actions.begin_packet(by=me(request), **form.cleaned_data).pk)


@changes(access.governed_packets)
def packet_edit(request: HttpRequest, packet: Packet) -> HttpResponse:
    """Name, for whom, and its forms: put in, moved up and down, taken out, each by a button."""
    then, _, which = request.POST.get("then", "").partition(":")
    if then == "remove":
        return _removed(request, packet)
    if then in _MOVES or then == "in":
        _rearrange(request, packet, then, which)
        return redirect("packet_edit", packet.pk)
    form = PacketForm(request.POST if request.method == "POST" else None, initial=stored_packet(packet))
    if not form.is_valid():
        return _page(request, packet, form)
    actions.change_packet(packet, by=me(request), **form.cleaned_data)
    messages.success(request, "Saved.")
    return redirect("packet_edit", packet.pk)


def _page(request: HttpRequest, packet: Packet, form: PacketForm, refusal: Refused | None = None) -> HttpResponse:
    row = _row(packet)
    others = access.forms(request.user).filter(retired_at=None).exclude(pk__in=[each["item"].form_id for each in row["items"]])
    return again(request, "consent/packet_edit.html", row | {"form": form, "others": others, "refusal": refusal})


def _rearrange(request: HttpRequest, packet: Packet, then: str, which: str) -> None:
    """Do what a button says; what it names is looked up in this packet, or among the forms that may be put in."""
    if then == "in":
        chosen = [form for form in access.forms(request.user).filter(retired_at=None) if str(form.pk) == which]
        for form in chosen:
            actions.put_into_packet(packet, form, by=me(request))
        return
    number = int(which) if which.isascii() and which.isdigit() and len(which) < 18 else 0
    item = get_object_or_404(packet.items, pk=number)
    if then == "out":
        actions.take_from_packet(item, by=me(request))
    else:
        actions.move_in_packet(item, then == "up", by=me(request))


def _removed(request: HttpRequest, packet: Packet) -> HttpResponse:
    try:
        actions.remove_packet(packet, by=me(request))
    except Refused as refusal:
        return _page(request, packet, PacketForm(initial=stored_packet(packet)), refusal)
    messages.success(request, "Removed. The forms stay, and so does what was sent.")
    return redirect("packet_list")
