"""Who holds, releases and lets go. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from clients.access import denied, granted
from clients.models.team import CLINICAL
from practice.roles import Role

from .models import Hold

_BY = ("placed_by", "released_by")


def holds(user: Any) -> QuerySet[Hold]:
    """Admins and the client's care team; a hold on all records: everybody here who counsels, supervises or is an admin."""
    admin = user.holds(Role.ADMIN)
    of_client = Q() if admin else Q(granted(user, CLINICAL, "client"))
    of_all = Q(client=None) if user.holds(Role.ADMIN, Role.COUNSELOR, Role.SUPERVISOR) else Q(pk=None)
    rows = Hold.objects.filter((Q(client__isnull=False) & of_client & ~denied(user, "client")) | of_all)
    return rows.select_related(*_BY).order_by("-placed_at", "pk")


def open_holds(user: Any) -> QuerySet[Hold]:
    """Who sees a hold: those that still hold."""
    return holds(user).filter(released_at=None)


def releasable_holds(user: Any) -> QuerySet[Hold]:
    """Admins (privacy officers): a hold that still holds. Whoever counsels may place one and not take it off."""
    rows = open_holds(user)
    return rows if user.holds(Role.ADMIN) else rows.none()
