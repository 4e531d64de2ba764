"""Who may, in the practice's own room. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from audit import clock

from .models import FactorReset, Invitation, Logo, Notice, Ownership, Practice, SignedIn, Supervision, User
from .roles import Role


def _practice_if(allowed: bool) -> QuerySet[Practice]:
    return Practice.objects.all() if allowed else Practice.objects.none()


def staffed_practice(user: Any) -> QuerySet[Practice]:
    """Everyone who works here."""
    return _practice_if(user.is_staff_member)


def governed_practice(user: Any) -> QuerySet[Practice]:
    """Admins (privacy officers)."""
    return _practice_if(user.holds(Role.ADMIN))


def intake_practice(user: Any) -> QuerySet[Practice]:
    """Those who take in clients: counselors and the front desk."""
    return _practice_if(user.holds(Role.COUNSELOR, Role.DESK))


def portal_practice(user: Any) -> QuerySet[Practice]:
    """Clients and their representatives."""
    return _practice_if(user.is_portal_user)


def own_account(user: Any) -> QuerySet[User]:
    """The person themselves."""
    return User.objects.filter(pk=user.pk)


def own_sessions(user: Any) -> QuerySet[SignedIn]:
    """The person's own sessions."""
    return SignedIn.objects.filter(user=user.pk)


def own_passkeys(user: Any) -> QuerySet[Authenticator]:
    """The person's own passkeys."""
    return Authenticator.objects.filter(user=user.pk, type=Authenticator.Type.WEBAUTHN).select_related("user")


def staff(user: Any) -> QuerySet[User]:
    """Admins see everyone who works or worked here."""
    people = User.objects.filter(roles__overlap=[Role.COUNSELOR, Role.SUPERVISOR, Role.DESK, Role.ADMIN])
    return people.order_by("joined_at") if user.holds(Role.ADMIN) else people.none()


def colleagues(user: Any) -> QuerySet[User]:
    """Everyone who works here sees who else works here now."""
    return User.objects.staff().order_by("joined_at") if user.is_staff_member else User.objects.none()


def current_supervisions(user: Any) -> QuerySet[Supervision]:
    """Everyone who works here sees who supervises whom now."""
    if not user.is_staff_member:
        return Supervision.objects.none()
    now = clock.now()
    return Supervision.objects.filter(Q(until=None) | Q(until__gt=now), since__lte=now).order_by("since")


def ownerships() -> QuerySet[Ownership]:
    """To whom the records belong, for everybody who works here; the latest choice first."""
    return Ownership.objects.select_related("chosen_by").order_by("-chosen_at", "-pk")


def logos() -> QuerySet[Logo]:
    """The practice's sign (one or none), for everybody."""
    return Logo.objects.all()


def invitations(user: Any) -> QuerySet[Invitation]:
    """Admins see the invitations that were sent."""
    return Invitation.objects.order_by("-invited_at") if user.holds(Role.ADMIN) else Invitation.objects.none()


def supervisions(user: Any) -> QuerySet[Supervision]:
    """Admins see who supervises whom."""
    return Supervision.objects.order_by("-since") if user.holds(Role.ADMIN) else Supervision.objects.none()


def factor_resets(user: Any) -> QuerySet[FactorReset]:
    """Admins see which lost second factors are about to be removed."""
    return FactorReset.objects.order_by("-asked_at") if user.holds(Role.ADMIN) else FactorReset.objects.none()


def notices(user: Any) -> QuerySet[Notice]:
    """Admins see what left the house, is due, or is uncertain."""
    return Notice.objects.order_by("-due_at") if user.holds(Role.ADMIN) else Notice.objects.none()
