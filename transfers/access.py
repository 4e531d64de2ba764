"""Who hands clients on, and who leaves. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Func, JSONField, Q, QuerySet

from clients.access import denied, granted, live_grants
from clients.models import ClientPermission, Codename
from clients.models.team import CLINICAL
from practice.access import staff
from practice.models import User
from practice.roles import Role

from .models import Departure, Transfer

UNNAMED = [
    f"content_object__{name}" for name in ("given_name", "family_name", "preferred_name", "pronouns", "born_on", "languages", "emergency")
]
_SHOWN_WITH_IT = ("to", "asked_by", "ended_by")


def _offered(user: Any) -> Q:
    """A condition: it waits for ``user`` to answer."""
    return Q(to=user.pk if user.holds(Role.COUNSELOR) else None, outcome="")


def transfers(user: Any) -> QuerySet[Transfer]:
    """The client's care team, admins, and while it waits for their answer whom the client is offered to."""
    team = Q(granted(user, CLINICAL, "client")) | _offered(user)
    rows = Transfer.objects.filter(Q() if user.holds(Role.ADMIN) else team, ~denied(user, "client"))
    return rows.select_related(*_SHOWN_WITH_IT).order_by("-asked_at", "pk")


def offered_transfers(user: Any) -> QuerySet[Transfer]:
    """The counselor whom a client is offered to, until it is answered or withdrawn."""
    rows = Transfer.objects.filter(_offered(user), ~denied(user, "client"))
    return rows.select_related(*_SHOWN_WITH_IT).order_by("asked_at", "pk")


def open_transfers(user: Any) -> QuerySet[Transfer]:
    """The client's counselor and admins: what waits for an answer, to tell the client or take it back."""
    side = Q() if user.holds(Role.ADMIN) else Q(granted(user, [Codename.COUNSEL], "client"))
    rows = Transfer.objects.filter(side, ~denied(user, "client"), outcome="")
    return rows.exclude(to=user.pk).select_related(*_SHOWN_WITH_IT).order_by("asked_at", "pk")


def asked_transfers(user: Any) -> QuerySet[Transfer]:
    """Whoever asked for it, while they may still take it back."""
    return open_transfers(user).filter(asked_by=user.pk)


# --- leaving the practice -----------------------------------------------------------------------------------------------


def departures(user: Any) -> QuerySet[Departure]:
    """Whoever leaves, and admins: what is left to do, by codes and counts."""
    mine = Q() if user.holds(Role.ADMIN) else Q(person=user.pk)
    rows = Departure.objects.filter(mine) if user.is_staff_member else Departure.objects.none()
    return rows.select_related("person", "begun_by", "ended_by").order_by("-begun_at", "pk")


def own_departures(user: Any) -> QuerySet[Departure]:
    """Whoever leaves: their own leaving while it is under way."""
    return departures(user).filter(person=user.pk, ended_at=None)


def endable_departures(user: Any) -> QuerySet[Departure]:
    """Admins, of another than themself: a leaving that is under way."""
    return departures(user).filter(ended_at=None).exclude(person=user.pk)  # whoever is no admin sees only their own


def others(user: Any) -> QuerySet[User]:
    """Admins: everybody who works here, but themself."""
    return staff(user).filter(pk__in=User.objects.staff().values("pk")).exclude(pk=user.pk)


def handed_on(user: Any, person: User) -> QuerySet[ClientPermission]:
    """Whoever leaves, and admins: the clients whom ``person`` counsels, each by its grant, the code and where the client stands."""
    found = live_grants([Codename.COUNSEL]).filter(~denied(user, "content_object"), user=person)
    allowed = user.holds(Role.ADMIN) or user.pk == person.pk
    rows = found if allowed else found.none()
    return rows.select_related("content_object").defer(*UNNAMED).order_by("content_object__code")


def left_by(person: User) -> dict[str, int]:
    """How many things of each kind ``person`` leaves. The database counts, for themself and admins: most of it is hidden from an admin."""
    counted = Func(F("pk"), function="transfers_left", output_field=JSONField())
    return User.objects.filter(pk=person.pk).values_list(counted, flat=True).get() or {}
