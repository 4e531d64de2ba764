"""Who hands clients on, and who leaves. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from clients.access import denied, granted
from clients.models import Codename
from clients.models.team import CLINICAL
from practice.roles import Role

from .models import Transfer

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
