"""Packets: which forms a new client of some kind is sent, in which order."""

from __future__ import annotations

from collections.abc import Sequence

from audit import trail
from consent.models import Form, Packet, PacketItem
from practice.models import User
from practice.refusals import Refused


def begin_packet(name: str, client_kinds: Sequence[str], forms: Sequence[Form] = (), *, by: User | None) -> Packet:
    """A new packet of ``forms`` in this order; ``by`` is None where the house brings in its own."""
    packet = Packet.objects.create(name=name, client_kinds=list(client_kinds))
    PacketItem.objects.bulk_create([PacketItem(packet=packet, form=form, position=place) for place, form in enumerate(forms)])
    trail.change(packet, "begin_packet")
    return packet


def change_packet(packet: Packet, *, by: User, name: str, client_kinds: Sequence[str]) -> None:
    """Its name, and for whom it is proposed."""
    packet.name, packet.client_kinds = name, list(client_kinds)
    packet.save(update_fields=["name", "client_kinds"])
    trail.change(packet, "change_packet")


def put_into_packet(packet: Packet, form: Form, *, by: User) -> None:
    """``form`` comes last in ``packet``; twice is once."""
    places = list(packet.items.values_list("position", flat=True))
    PacketItem.objects.get_or_create(packet=packet, form=form, defaults={"position": max(places, default=-1) + 1})
    trail.change(packet, "put_into_packet")


def take_from_packet(item: PacketItem, *, by: User) -> None:
    """The form is not part of the packet any more. What was sent stays sent."""
    item.delete()
    trail.change(item.packet, "take_from_packet")


def move_in_packet(item: PacketItem, up: bool, *, by: User) -> None:
    """One place up or down; at the end it stays where it is."""
    items = list(item.packet.items.select_for_update())
    here = next(place for place, each in enumerate(items) if each.pk == item.pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(items):
        items[here], items[there] = items[there], items[here]
    for place, each in enumerate(items):
        each.position = place
    PacketItem.objects.bulk_update(items, ["position"])
    trail.change(item.packet, "order_packet")


def remove_packet(packet: Packet, *, by: User) -> None:
    """The packet goes; forms and whatever was sent stay. Raises Refused for the last one."""
    if Packet.objects.count() == 1:
        raise Refused("", "This is the only packet.", "Make another one first, or change this one.")
    trail.change(packet, "remove_packet")
    packet.delete()
