"""Who holds, releases and lets go. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

from typing import Any

from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Subquery

from clients.access import assignable_clients, denied, granted
from clients.models import Client, Codename, Member
from clients.models.steps import ENDED
from clients.models.team import CLINICAL
from practice.models import Practice
from practice.roles import Role

from .models import Batch, Certificate, Hold, Item, Longer, Snooze, Standing

_BY = ("placed_by", "released_by")


def holds(user: Any) -> QuerySet[Hold]:
    """Admins and the client's care team; a hold on all records: everybody here who counsels, supervises or is an admin."""
    admin = user.holds(Role.ADMIN)
    of_client = Q() if admin else Q(granted(user, CLINICAL, "client"))
    of_all = Q(client=None) if user.holds(Role.ADMIN, Role.COUNSELOR, Role.SUPERVISOR) else Q(pk=None)
    rows = Hold.objects.filter((of_client & ~denied(user, "client")) | of_all)
    return rows.select_related(*_BY).order_by("-placed_at", "pk")


def open_holds(user: Any) -> QuerySet[Hold]:
    """Who sees a hold: those that still hold."""
    return holds(user).filter(released_at=None)


def releasable_holds(user: Any) -> QuerySet[Hold]:
    """Admins (privacy officers): a hold that still holds. Whoever counsels may place one and not take it off."""
    rows = open_holds(user)
    return rows if user.holds(Role.ADMIN) else rows.none()


def kept_longer(user: Any) -> QuerySet[Longer]:
    """Admins and the client's care team: for whom and why the record is kept longer than the law asks (RET-13)."""
    side = Q() if user.holds(Role.ADMIN) else Q(granted(user, CLINICAL, "client"))
    return Longer.objects.filter(side, ~denied(user, "client")).select_related("by", "ended_by").order_by("-at", "pk")


def endable_longer(user: Any) -> QuerySet[Longer]:
    """Admins (privacy officers): what did not end yet. Whoever counsels writes it down and does not take it off."""
    rows = kept_longer(user).filter(ended_at=None)
    return rows if user.holds(Role.ADMIN) else rows.none()


# --- what is eligible, and letting go ---------------------------------------------------------------------------------


def eligible(user: Any) -> QuerySet[Standing]:
    """Admins; whoever counsels sees their own: ended records whose day is over, of which nobody proposed anything yet (RET-21).

    Not what was touched since it was counted: it is counted again in the night.
    """
    latest = Snooze.objects.filter(client=OuterRef("client")).order_by("-at", "-pk")
    waiting = Exists(Item.objects.filter(client=OuterRef("client"), state=Item.State.WAITING))
    mine = Q() if user.holds(Role.ADMIN) else Q(granted(user, [Codename.COUNSEL, Codename.COVER], "client"))
    rows = Standing.objects.filter(
        mine, ~denied(user, "client"), ~waiting, ripe=True, client__status__in=ENDED, client__recent_at__lte=F("looked_at")
    )
    later = Longer.objects.filter(Q(at__gt=OuterRef("looked_at")) | Q(ended_at__gt=OuterRef("looked_at")), client=OuterRef("client"))
    rows = rows.filter(~Exists(later)).annotate(snoozed=Subquery(latest.values("until")[:1], output_field=DateField()))
    return rows.select_related("client").only("version", "client__code", "client__status", "client__recent_at", "told", "looked_at", "ripe")


def unborn_clients(user: Any) -> QuerySet[Client]:
    """Admins; whoever counsels sees their own: ended records of minors, and of units with one, whose birthday nobody wrote down."""
    theirs = Member.objects.filter(unit=OuterRef("pk"), person__kind=Client.Kind.MINOR, person__born_on__isnull=True)
    unknown = Q(kind=Client.Kind.MINOR, born_on__isnull=True) | Q(Exists(theirs))
    return assignable_clients(user).filter(unknown, status__in=ENDED).order_by("code")


def eligible_clients(user: Any) -> QuerySet[Client]:
    """Who sees a record as eligible, and may put it off."""
    return assignable_clients(user).filter(pk__in=eligible(user).values("client"))


def proposing_practice(user: Any) -> QuerySet[Practice]:
    """Admins and counselors, who propose to destroy what they see as eligible."""
    return Practice.objects.all() if user.holds(Role.ADMIN, Role.COUNSELOR) else Practice.objects.none()


def batches(user: Any) -> QuerySet[Batch]:
    """Admins, whoever proposed it and whom it asks: what was proposed, and what came of it."""
    mine = Q() if user.holds(Role.ADMIN) else Q(asked=user.pk) | Q(proposed_by=user.pk)
    kept_out = Exists(Item.objects.filter(denied(user, "client"), batch=OuterRef("pk")))
    rows = Batch.objects.filter(mine, ~kept_out) if user.is_staff_member else Batch.objects.none()
    return rows.select_related("asked", "proposed_by", "approved_by").order_by("-proposed_at", "pk")


def _waiting() -> Exists:
    return Exists(Item.objects.filter(batch=OuterRef("pk"), state=Item.State.WAITING))


def approvable_batches(user: Any) -> QuerySet[Batch]:
    """The person who was asked, never whoever proposed; where nobody else is here, whoever proposed, with a witness (RET-25)."""
    second = Q(asked=user.pk) | Q(outside=True, proposed_by=user.pk)
    return batches(user).filter(second, _waiting(), approved_at=None)


def undoable_batches(user: Any) -> QuerySet[Batch]:
    """Either of the two, until it is done."""
    return batches(user).filter(Q(asked=user.pk) | Q(proposed_by=user.pk), _waiting())


def certificates(user: Any) -> QuerySet[Certificate]:
    """Admins, and the two who let go of the record."""
    mine = Q() if user.holds(Role.ADMIN) else Q(performed_by=user.pk) | Q(approver=user.pk)
    rows = Certificate.objects.filter(mine, ~denied(user, "client")) if user.is_staff_member else Certificate.objects.none()
    return rows.select_related("performed_by", "approver").order_by("-at", "pk")
