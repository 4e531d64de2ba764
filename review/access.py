"""Who looks after who looks. Each function is a queryset; its first line says who in a sentence. Nobody reviews themself."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef, QuerySet

from audit import trail
from audit.models import Event
from clients.access import AUTHORS_ALONE, denied, governed_clients, granted, own_clients
from clients.models import Codename
from practice.models import User
from practice.roles import Role

from .models import LineQuestion


def other_admins(user: Any) -> Exists:
    """A condition: somebody else is an admin here now."""
    return Exists(User.objects.working().filter(roles__contains=[Role.ADMIN]).exclude(pk=user.pk))


def portal_lines(user: Any) -> QuerySet[Event]:
    """The client themself: who opened their record. Not what is an author's alone, nor an emergency they are not told of yet."""
    quiet = Func(F("actor_id"), F("client_id"), F("at"), function="subrosa_is_quiet", output_field=BooleanField())
    mine = trail.lines().filter(Exists(own_clients(user).filter(pk=OuterRef("client_id")))).exclude(what__in=AUTHORS_ALONE)
    return mine.alias(quiet=quiet).filter(quiet=False)


def own_line_questions(user: Any) -> QuerySet[LineQuestion]:
    """The client themself: what they asked about lines, and what they were answered."""
    mine = LineQuestion.objects.filter(granted(user, [Codename.PORTAL_SELF], "client"), ~denied(user, "client"), asked_by=user.pk)
    return mine.select_related("reply__answered_by").order_by("-asked_at", "pk")


def line_questions(user: Any) -> QuerySet[LineQuestion]:
    """Admins: what clients ask about lines and nobody answered. About oneself only where there is no other admin."""
    rows = LineQuestion.objects.filter(Exists(governed_clients(user).filter(pk=OuterRef("client"))), answered_at=None)
    return rows.exclude(other_admins(user), about=user.pk).select_related("client").order_by("asked_at", "pk")
