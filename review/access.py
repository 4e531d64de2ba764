"""Who looks after who looks. Each function is a queryset; its first line says who in a sentence. Nobody reviews themself."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef, QuerySet
from django.utils import timezone

from audit import clock, trail
from audit.models import Event
from clients.access import AUTHORS_ALONE, denied, governed_clients, granted, live_grants, own_clients, trail_lines
from clients.models import ClientPermission, Codename
from clients.models.team import CLINICAL
from practice.access import governed_practice
from practice.models import Practice, User
from practice.roles import Role

from .models import GrantCheck, LineQuestion, Month, Reply, Signal


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


# --- signals (REV-1) ------------------------------------------------------------------------------------------------------


def signals(user: Any) -> QuerySet[Signal]:
    """Admins: what the rules noticed in the trail; about themselves only where there is no other admin."""
    rows = Signal.objects.filter(~denied(user, "client")) if user.holds(Role.ADMIN) else Signal.objects.none()
    return rows.exclude(other_admins(user), person=user.pk).select_related("person", "client", "decision").order_by("-line_at", "pk")


def open_signals(user: Any) -> QuerySet[Signal]:
    """Of those the ones that nobody decided; the oldest first."""
    return signals(user).filter(decided_at=None).order_by("line_at", "pk")


def signals_to_explain(user: Any) -> QuerySet[Signal]:
    """Whoever is asked about something they did, until they answered or it was decided."""
    mine = Signal.objects.filter(person=user.pk, asked_at__isnull=False, decided_at=None)
    return mine.filter(~Exists(Reply.objects.filter(signal=OuterRef("pk")))).select_related("client", "asked_by").order_by("asked_at", "pk")


def months(user: Any) -> QuerySet[Month]:
    """Admins: the months whose review was signed."""
    return Month.objects.select_related("signed_by").order_by("-begins") if user.holds(Role.ADMIN) else Month.objects.none()


def unsigned_months(user: Any) -> QuerySet[Practice]:
    """Admins, while the month before this one has lines and its review is not signed."""
    today = timezone.localdate(clock.now())
    begins = (today.replace(day=1) - datetime.timedelta(days=1)).replace(day=1)
    first, after = (timezone.make_aware(datetime.datetime.combine(day, datetime.time())) for day in (begins, today.replace(day=1)))
    lines = trail.lines().order_by().filter(at__gte=first, at__lt=after)
    return governed_practice(user).filter(Exists(lines), ~Exists(Month.objects.filter(begins=begins)))


def reply_to(signal: Signal) -> Reply | None:
    """What the colleague said about ``signal``, which a door gave."""
    return Reply.objects.filter(signal=signal).first()


# --- grants, each quarter (REV-2) -----------------------------------------------------------------------------------------


def quarter() -> datetime.date:
    """The first day of this quarter, where the practice is."""
    today = timezone.localdate(clock.now())
    return today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1)


def governed_grants(user: Any) -> QuerySet[ClientPermission]:
    """Admins: who may open which record now. Their own only as the sole admin."""
    rows = live_grants(CLINICAL).filter(Exists(governed_clients(user).filter(pk=OuterRef("content_object"))))
    return rows.exclude(other_admins(user), user=user.pk)


def grants_to_check(user: Any) -> QuerySet[ClientPermission]:
    """Of those the ones that were there when the quarter began, until somebody looked at them."""
    begins = quarter()
    first = timezone.make_aware(datetime.datetime.combine(begins, datetime.time()))
    checked = GrantCheck.objects.filter(begins=begins, grant=OuterRef("pk"))
    rows = governed_grants(user).filter(~Exists(checked), since__lt=first)
    return rows.select_related("user", "permission").order_by("since", "pk")


def checks(user: Any) -> QuerySet[GrantCheck]:
    """Admins: what was kept and ended."""
    rows = GrantCheck.objects.filter(~denied(user, "client")) if user.holds(Role.ADMIN) else GrantCheck.objects.none()
    return rows.order_by("-checked_at", "pk")


def lines_of(user: Any, person: User) -> QuerySet[Event]:
    """Admins: what ``person``, whom a door gave, did; not about clients on whose deny list the admin stands."""
    return trail_lines(user).filter(actor_id=person.pk)
