"""Handing a client on: who may, and how far a grant reaches into what was there before (a transfer may leave some of it shut)."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from practice.roles import Role

from .access import assignable_clients, granted, live_grants
from .models import Client, Codename
from .models.team import CLINICAL


def reaches(user: Any, part: str, client: str, dated: str) -> Exists:
    """A condition: a live grant of ``user`` on the row's ``client`` opens ``part`` ("notes", "documents") of the day it is ``dated``.

    It asks for the grant as well, so it stands instead of ``granted``.
    """
    open_ = ~Q(withheld__contains=[part]) | Q(record_from__lte=OuterRef(dated))
    return Exists(live_grants(CLINICAL).filter(open_, user=user.pk, content_object=OuterRef(client)))


def handable_clients(user: Any) -> QuerySet[Client]:
    """The client's counselor; and an admin where every counselor of theirs has left, leaves on a set day, or there is none."""
    staying = live_grants([Codename.COUNSEL]).filter(content_object=OuterRef("pk"), user__is_active=True, user__leaves_at=None)
    mine = Q(granted(user, [Codename.COUNSEL]))
    hands = mine | ~Exists(staying) if user.holds(Role.ADMIN) else mine
    return assignable_clients(user).filter(hands)
