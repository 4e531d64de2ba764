"""Taking in a client and keeping what is known of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction

from audit import clock, trail
from clients import search
from clients.codes import new_code
from clients.models import Client, Member
from practice.models import User
from practice.refusals import Refused

from .portal_access import redate
from .team import assign

IDENTITY = ("given_name", "family_name", "preferred_name", "pronouns", "born_on", "languages", "emergency")
coming: list[Callable[[Member], bool]] = []  # other rooms say here whether somebody may have been at a session of the unit


def take_in(*, by: User, counselor: User | None = None, kind: str = Client.Kind.ADULT, **identity: Any) -> Client:
    """A new client at intake; two names are enough. ``counselor`` (or the one who takes in, if they counsel) is assigned.

    ``identity`` holds fields of IDENTITY. Returns the client. The grant goes first: the database asks for it.
    """
    client = Client(kind=kind, status=Client.Status.INTAKE, code=new_code(), **identity)
    if counselor:
        assign(client, counselor, by=by, reason="intake")
    _save_under_a_free_code(client)
    search.refresh(client)
    trail.change(client, "take_in")
    return client


def _save_under_a_free_code(client: Client) -> None:
    for _ in range(5):
        try:
            with transaction.atomic():
                client.save(force_insert=True)
                return
        except IntegrityError as error:
            if "code" not in str(error):
                raise
            client.code = new_code()
    raise RuntimeError("No free code was found in five draws.")


def change_person(client: Client, *, by: User, **identity: Any) -> None:
    """Change what is known of the person; only fields of IDENTITY."""
    for name in IDENTITY:
        if name in identity:
            setattr(client, name, identity[name])
    client.save()
    search.refresh(client)
    trail.change(client, "change_person")
    if "born_on" in identity:
        redate(client)


def join_unit(unit: Client, person: Client, *, by: User) -> None:
    """Make ``person`` a member of the couple, family or group ``unit``. It grants nobody anything."""
    if not unit.is_unit or person.is_unit:
        raise Refused("ACA A.8", "Only one person joins a couple, family or group, not another couple, family or group.")
    Member.objects.update_or_create(unit=unit, person=person, defaults={"left_at": None})
    trail.change(unit, "join_unit")


def leave_unit(place: Member, *, by: User, mistake: bool = False) -> None:
    """They come no more. What they said together stays with the unit, and is released only if they sign, too (IC-33).

    ``mistake``: they were added by mistake, and nothing is kept of it. Raises Refused where they may have been at a session.
    """
    if not mistake:
        place.left_at = clock.now()
        place.save(update_fields=["left_at"])
        trail.change(place.unit, "leave_unit")
        return
    if any(came(place) for came in coming):
        raise Refused("IC-33", "There are sessions at which they may have been.", "Say that they come no more.")
    trail.change(place.unit, "unit_mistake")
    place.delete()
