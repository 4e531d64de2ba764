"""Who may, about the professional executor. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

from typing import Any

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from audit import clock
from clients.access import denied, granted
from clients.models import Client, Codename
from practice.models import User
from practice.roles import Role
from records.models import Session

from .law import ASK, CONFIRM, REMIND
from .models import Acceptance, Activation, Case, Part, Plan, Rehearsal
from .models.plans import PEOPLE, TEXTS

SHUT = [*PEOPLE, *TEXTS]  # of a plan, where a list or a queue shows no word of it
_ASKED_AGAIN = ExpressionWrapper(F("confirmed_at") + (CONFIRM - REMIND), output_field=DateTimeField())
_HERE_FOR_A_WEEK = ExpressionWrapper(F("joined_at") + ASK, output_field=DateTimeField())
_NAMED = ("person", "custodian", "deputy")


def _named(user: Any, path: str = "") -> Q:
    return Q(**{f"{path}custodian": user.pk}) | Q(**{f"{path}deputy": user.pk})


# --- plans ----------------------------------------------------------------------------------------------------------------


def plans(user: Any) -> QuerySet[Plan]:
    """The counselor whose plan it is, whoever is named in it once it is signed, and admins."""
    mine = Q(person=user.pk) | (_named(user) & Q(signed_at__isnull=False))
    rows = Plan.objects.filter(Q(mine) | Q(signed_at__isnull=False) if user.holds(Role.ADMIN) else mine)
    rows = rows if user.is_staff_member else rows.none()
    return rows.select_related(*_NAMED).order_by("person__joined_at", "-begun_at", "pk")


def planning(user: Any) -> QuerySet[User]:
    """A counselor, for their own plan."""
    mine = User.objects.filter(pk=user.pk)
    return mine if user.holds(Role.COUNSELOR) else mine.none()


def draft_plans(user: Any) -> QuerySet[Plan]:
    """The counselor whose draft it is."""
    return plans(user).filter(signed_at=None)  # before it is signed nobody else finds it


def _standing(user: Any) -> QuerySet[Plan]:
    here = Q(person__leaves_at=None) | Q(person__leaves_at__gt=clock.now())
    return plans(user).filter(here, person__is_active=True, signed_at__isnull=False, replaced_at=None)


def acceptable_plans(user: Any) -> QuerySet[Plan]:
    """Whoever is named in it, to say yes; for somebody named who has no account, the counselor whose plan it is."""
    outside = Q(person=user.pk) & (Q(custodian=None) | Q(deputy=None))
    return _standing(user).filter(_named(user) | outside)


def _said(part: str) -> Exists:
    return Exists(Acceptance.objects.filter(plan=OuterRef("pk"), part=part))


def plans_to_accept(user: Any) -> QuerySet[Plan]:
    """Of those the ones that wait for their yes, or for the custodian's yearly word (REV-14)."""
    rows = acceptable_plans(user).alias(asked_again=_ASKED_AGAIN)
    outside = Q(person=user.pk)
    custodian = (Q(custodian=user.pk) | (outside & Q(custodian=None))) & (~_said(Part.CUSTODIAN) | Q(asked_again__lte=clock.now()))
    deputy = (Q(deputy=user.pk) | (outside & Q(deputy=None))) & ~_said(Part.DEPUTY)
    return rows.filter(Q(custodian) | Q(deputy))


def plans_in_force(user: Any) -> QuerySet[Plan]:
    """Whoever sees them: those in force now."""
    return plans(user).filter(in_force_at__isnull=False, replaced_at=None)


def rehearsable_plans(user: Any) -> QuerySet[Plan]:
    """The counselor, whoever is named, and admins: a plan in force."""
    return plans_in_force(user)


def planless(user: Any) -> QuerySet[User]:
    """A counselor who has no plan in force (RET-26)."""
    held = Plan.objects.filter(person=OuterRef("pk"), in_force_at__isnull=False, replaced_at=None)
    return planning(user).filter(~Exists(held))


def planless_at_home(user: Any) -> QuerySet[User]:
    """Of those whoever works here for a week: home asks then, and the page from the first day."""
    return planless(user).alias(asked_at=_HERE_FOR_A_WEEK).filter(asked_at__lte=clock.now())


def counselors_without(user: Any) -> QuerySet[User]:
    """Admins: every counselor working here now who has no plan in force."""
    held = Plan.objects.filter(person=OuterRef("pk"), in_force_at__isnull=False, replaced_at=None)
    rows = User.objects.staff().filter(~Exists(held), roles__contains=[Role.COUNSELOR]).order_by("joined_at")
    return rows if user.holds(Role.ADMIN) else rows.none()


def rehearsals(user: Any) -> QuerySet[Rehearsal]:
    """Whoever sees the plan sees how it was rehearsed."""
    seen = plans(user).order_by().filter(pk=OuterRef("plan"))
    return Rehearsal.objects.filter(Exists(seen)).select_related("plan__person", "by").order_by("-at", "pk")


def confirmers() -> QuerySet[User]:
    """Whoever may be asked to confirm a plan: everyone working here now. For the job that reminds them."""
    return User.objects.staff().order_by("joined_at")


# --- activations ----------------------------------------------------------------------------------------------------------


def activatable_plans(user: Any) -> QuerySet[Plan]:
    """Custodian, deputy and admins: a plan in force that is not their own."""
    return plans_in_force(user).exclude(person=user.pk)


def activations(user: Any) -> QuerySet[Activation]:
    """Whom it is about, whoever is named in the plan, who asked, and admins."""
    mine = Q(person=user.pk) | Q(executor=user.pk) | Q(asked_by=user.pk) | _named(user, "plan__")
    rows = Activation.objects.filter(Q() if user.holds(Role.ADMIN) else mine)
    rows = rows if user.is_staff_member else rows.none()
    return rows.select_related("person", "executor", "asked_by", "released_by", "ended_by", "plan").order_by("-asked_at", "pk")


def _live(user: Any) -> QuerySet[Activation]:
    return activations(user).filter(Q(until=None) | Q(until__gt=clock.now()), ended_at=None)


def releasable_activations(user: Any) -> QuerySet[Activation]:
    """A second person: named in the plan or an admin; not who asked, not who would act by it, not whom it is about."""
    waiting = _live(user).filter(released_at=None)  # who else finds it is such a second person
    return waiting.exclude(Q(asked_by=user.pk) | Q(executor=user.pk) | Q(person=user.pk))


def stoppable_activations(user: Any) -> QuerySet[Activation]:
    """Whom it is about, who asked, the executor, and admins: one that is not over."""
    mine = Q(person=user.pk) | Q(executor=user.pk) | Q(asked_by=user.pk)
    return _live(user).filter(Q() if user.holds(Role.ADMIN) else mine)


def own_alarms(user: Any) -> QuerySet[Activation]:
    """Whom it is about: somebody said that they cannot go on, and it is not over."""
    return _live(user).filter(person=user.pk)


def acting(user: Any) -> QuerySet[Activation]:
    """The executor, from the moment it opens until it is over."""
    return _live(user).filter(executor=user.pk, opens_at__lte=clock.now())


# --- the limited list -----------------------------------------------------------------------------------------------------


def listed_clients(user: Any) -> QuerySet[Client]:
    """The executor, by the grant of their limited list: code, name, how to reach them; nothing that was said."""
    rows = Client.objects.filter(granted(user, [Codename.EXECUTE]), ~denied(user), ~Q(status=Client.Status.DESTROYED))
    return rows.order_by("code")


def cases(user: Any) -> QuerySet[Case]:
    """The executor, and admins by code: how far they came with each client."""
    mine = Q() if user.holds(Role.ADMIN) else Q(granted(user, [Codename.EXECUTE], "client"))
    return Case.objects.filter(mine, ~denied(user, "client")).select_related("client").order_by("client__code")


def open_cases(user: Any) -> QuerySet[Case]:
    """The executor, while it is open."""
    live = acting(user).order_by().filter(pk=OuterRef("activation"))
    return cases(user).filter(Exists(live), granted(user, [Codename.EXECUTE], "client"), closed_at=None)


def next_sessions(user: Any) -> QuerySet[Session]:
    """The executor, where the plan opens it: when a client on their list would come next, and nothing else of it."""
    allowed = Case.objects.filter(
        Exists(acting(user).order_by().filter(pk=OuterRef("activation"))),
        client=OuterRef("client"),
        activation__plan__opens__contains=[Plan.Opens.SESSIONS],
    )
    rows = Session.objects.filter(granted(user, [Codename.EXECUTE], "client"), ~denied(user, "client"), Exists(allowed))
    return rows.filter(outcome=Session.Outcome.PLANNED, starts_at__gt=clock.now()).order_by("starts_at", "pk")
