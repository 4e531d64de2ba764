"""Keeping contact points and representatives."""

from __future__ import annotations

import datetime
from typing import Any

from audit import clock, trail
from clients import search
from clients.models import Client, ContactPoint, Representative
from practice.models import User

from .portal_access import redate
from .safety import end_ways, move_ways, tell_former

POINT = ("address", "label", "may_contact", "safe_to_leave_message")


def _set(point: ContactPoint, values: dict[str, Any]) -> None:
    for name in POINT:
        if name in values:
            setattr(point, name, values[name])
    point.safe_to_leave_message = point.safe_to_leave_message and point.may_contact
    point.save()


def add_contact_point(client: Client, *, by: User, kind: str, **values: Any) -> ContactPoint:
    """A phone, mail or post address of ``client`` with its permissions; ``values`` are fields of POINT."""
    point = ContactPoint(client=client, kind=kind)
    _set(point, values)
    search.refresh(client)
    trail.change(point, "add_contact_point")
    return point


def change_contact_point(point: ContactPoint, *, by: User, **values: Any) -> None:
    """Change an address or its permissions. Another address is not known to be theirs yet, and nothing goes there before it is (CM-6)."""
    former, safe = point.address, point.safe_to_leave_message
    moved = "address" in values and values["address"].strip() != former.strip()
    point.verified_at = None if moved else point.verified_at
    _set(point, values)
    search.refresh(point.client)
    trail.change(point, "change_contact_point")
    if not point.may_contact:
        end_ways(point.client, point)
    elif moved:
        move_ways(point.client, point, by=by)
        tell_former(point.client, point, former, safe)


def remove_contact_point(point: ContactPoint, *, by: User) -> None:
    """Remove an address that is no longer the client's."""
    trail.change(point, "remove_contact_point")
    client = point.client
    end_ways(client, point)
    point.delete()
    search.refresh(client)


def add_representative(
    client: Client,
    *,
    by: User,
    relation: str,
    name: str,
    since: datetime.datetime,
    until: datetime.datetime | None = None,
    phone: str = "",
    authority: str = "",
) -> Representative:
    """Someone who stands for ``client`` by ``authority`` from ``since`` until ``until`` (aware; None: open)."""
    person = Representative(client=client, relation=relation, name=name, phone=phone, authority=authority, since=since, until=until)
    person.save(force_insert=True)
    trail.change(person, "add_representative")
    return person


def end_representation(person: Representative, *, by: User) -> None:
    """End a representative's authority now (one that has not begun: before it does); their portal access ends with it (RG-12)."""
    person.until = max(clock.now(), person.since)
    person.save(update_fields=["until"])
    trail.change(person, "end_representation")
    redate(person.client)
