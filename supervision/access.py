"""Who consults with whom. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, QuerySet

from audit import clock
from clients.access import counseled_clients, denied, granted, readable_clients, whole_of
from clients.models import Client, Codename
from practice.models import User
from practice.roles import Role
from records.access import charted_notes
from records.models import Note

from .models import DeidentifiedView

_COUNSEL = [Codename.COUNSEL, Codename.COVER]


def own_views(user: Any) -> QuerySet[DeidentifiedView]:
    """The counselor who made it, while they counsel the client: their de-identified views, the latest first."""
    mine = DeidentifiedView.objects.filter(granted(user, _COUNSEL, "client"), ~denied(user, "client"), made_by=user.pk)
    return mine.select_related("client", "colleague").order_by("-made_at", "pk")


def own_drafts(user: Any) -> QuerySet[DeidentifiedView]:
    """The same, of those that are not shared yet and were not put away."""
    return own_views(user).filter(shared_at=None, ended_at=None)


def standing_views(user: Any) -> QuerySet[DeidentifiedView]:
    """The same, of those that a colleague can read now."""
    return own_views(user).filter(shared_at__isnull=False, ended_at=None, until__gt=clock.now())


def shared_views(user: Any) -> QuerySet[DeidentifiedView]:
    """The colleague who was asked, until the view ends: its words, and nothing else of the client."""
    clinical = user.pk if user.holds(Role.COUNSELOR, Role.SUPERVISOR) else None
    mine = DeidentifiedView.objects.filter(~denied(user, "client"), colleague=clinical, shared_at__isnull=False, ended_at=None)
    return mine.filter(until__gt=clock.now()).defer("work").select_related("made_by").order_by("until", "pk")


def viewable_notes(user: Any, client: Client) -> QuerySet[Note]:
    """The client's care team: signed notes of ``client``, whom a door gave; never a psychotherapy note (SU-2, REC-3)."""
    return charted_notes(user).filter(client__in=whole_of(client, readable_clients, user))


def colleagues(user: Any, client: Client) -> QuerySet[User]:
    """Whom the client's counselor may ask: counselors and supervisors here, but themself, and nobody on the client's deny list."""
    people = User.objects.working().filter(roles__overlap=[Role.COUNSELOR, Role.SUPERVISOR]).exclude(pk=user.pk)
    people = people.filter(Exists(counseled_clients(user).filter(pk=client.pk)))
    return people.exclude(denials__client__in=whole_of(client, readable_clients, user)).order_by("joined_at")
