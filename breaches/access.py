"""Who may work with incidents. Each function is a queryset; its first line says who in a sentence.

Whoever may be the cause of an incident finds nothing of it anywhere (attack 97): not here, and by the policies of the database not in
the trail either.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from practice.access import staffed_practice
from practice.models import Practice, User
from practice.roles import Role

from .models import OPEN, Entry, Incident, Knowledge, Suspect


def _officers() -> QuerySet[User]:
    return User.objects.working().filter(roles__contains=[Role.ADMIN])


def _suspected(incident: str, user: Any) -> Exists:
    """A condition: ``user`` (an id or a column) may be the cause."""
    return Exists(Suspect.objects.filter(incident=incident, user=user, cleared_at=None))


def kept_incidents(user: Any) -> QuerySet[Incident]:
    """Privacy officers, but nobody who may be the cause; where none is left, supervisors and whoever reported it.

    The only privacy officer keeps what they reported of themself: there is nobody else (the page says so).
    """
    me = _suspected(OuterRef("pk"), user.pk)  # type: ignore[arg-type]  # a reference
    if user.holds(Role.ADMIN):
        alone = Q(reported_by=user.pk) & ~Exists(_officers().exclude(pk=user.pk))
        return Incident.objects.filter(~me | alone).order_by("-reported_at", "pk")
    if not user.is_staff_member:
        return Incident.objects.none()
    free = _officers().filter(~_suspected(OuterRef(OuterRef("pk")), OuterRef("pk")))  # type: ignore[arg-type]  # as above
    rows = Incident.objects.filter(~Exists(free), ~me)
    return (rows if user.holds(Role.SUPERVISOR) else rows.filter(reported_by=user.pk)).order_by("-reported_at", "pk")


def open_incidents(user: Any) -> QuerySet[Incident]:
    """Of those the ones that are still worked on; what was known first stands first."""
    return kept_incidents(user).filter(state__in=OPEN).order_by("discovered_on", "pk")


def own_reports(user: Any) -> QuerySet[Incident]:
    """Whoever reported something: that it arrived and where it stands, unless they may be the cause."""
    return Incident.objects.filter(~_suspected(OuterRef("pk"), user.pk), reported_by=user.pk).order_by("-reported_at", "pk")  # type: ignore[arg-type]  # a reference


def reporting_practice(user: Any) -> QuerySet[Practice]:
    """Everyone who works here: to report that something may have gone wrong."""
    return staffed_practice(user)


def suspects(incident: Incident) -> QuerySet[Suspect]:
    """Who may be the cause of ``incident``, which a door gave."""
    return Suspect.objects.filter(incident=incident).select_related("user", "named_by", "cleared_by").order_by("named_at", "pk")


def knowledge(incident: Incident) -> QuerySet[Knowledge]:
    """Who knew when, of ``incident``, which a door gave; the newest statement first."""
    return Knowledge.objects.filter(incident=incident).select_related("recorded_by", "struck").order_by("-recorded_at", "pk")


def entries(incident: Incident) -> QuerySet[Entry]:
    """The timeline of ``incident``, which a door gave."""
    return Entry.objects.filter(incident=incident).select_related("by").order_by("at", "written_at", "pk")
