"""Who may, in the room of paper. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from audit import clock
from clients.access import contact_clients, denied, granted
from clients.models import Client
from clients.models.team import CLINICAL
from practice.models import User
from practice.roles import Role

from .models import Cabinet, Checkout, KeyHolder, Lock, PaperFile, Shredding
from .rules import INCIDENT, OFFICER

# When admins hear of it. Worked out by the database: a rule that asks with the moment itself is a kept question (audit/asking.py).
_LATE = ExpressionWrapper(F("due_at") + datetime.timedelta(hours=OFFICER), output_field=DateTimeField())
_GIVEN_UP = ExpressionWrapper(F("due_at") + datetime.timedelta(hours=INCIDENT), output_field=DateTimeField())


def papered_clients(user: Any) -> QuerySet[Client]:
    """The care team and the front desk: whose paper it is."""
    return contact_clients(user)


def paper_files(user: Any) -> QuerySet[PaperFile]:
    """The care team, the front desk, and admins (by label); psychotherapy notes their originator, and admins once they are missing."""
    rows = PaperFile.objects.select_related("cabinet__lock", "client").order_by("label")
    if user.holds(Role.DESK, Role.ADMIN):
        mine = rows.filter(~denied(user, "client"))
    else:
        mine = rows.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    shown = Q(kind=PaperFile.Kind.MAIN) | (Q(originator=user.pk) & Q(granted(user, CLINICAL, "client")))
    if user.holds(Role.ADMIN):
        late = Checkout.objects.alias(late_at=_LATE).filter(file=OuterRef("pk"), in_at=None, late_at__lte=clock.now())
        shown |= Q(state=PaperFile.State.LOST) | Q(Exists(late))
        shown |= Q(Exists(Checkout.objects.filter(file=OuterRef("pk"), in_at=None, out_at=None)))  # asked to leave the house
    return mine.filter(shown)


def checkouts(user: Any) -> QuerySet[Checkout]:
    """Whoever sees the file sees who has it."""
    seen = paper_files(user).order_by().filter(pk=OuterRef("file"))
    return Checkout.objects.filter(Exists(seen)).select_related("file", "out_by").order_by("due_at", "pk")


def open_checkouts(user: Any) -> QuerySet[Checkout]:
    """Of those the ones that are out."""
    return checkouts(user).filter(in_at=None, lost_at=None, out_at__isnull=False)


def overdue_checkouts(user: Any) -> QuerySet[Checkout]:
    """Whoever has a file that is overdue; from the next day on admins, too (PA-3)."""
    now = clock.now()
    mine = Q(out_by=user.pk)
    if user.holds(Role.ADMIN):
        mine |= Q(late_at__lte=now)
    return open_checkouts(user).alias(late_at=_LATE).filter(mine, due_at__lt=now)


def given_up_checkouts(user: Any) -> QuerySet[Checkout]:
    """Admins: what should have been back three days ago; what they took themselves only as the only admin (PA-3)."""
    rows = open_checkouts(user).alias(given_up_at=_GIVEN_UP).filter(given_up_at__lte=clock.now())
    alone = ~Exists(officers().exclude(pk=user.pk))
    return rows.filter(~Q(out_by=user.pk) | Q(alone)) if user.holds(Role.ADMIN) else rows.none()


def officers() -> QuerySet[User]:
    """The admins who work here now, who look after paper. For the job."""
    return User.objects.working().filter(roles__contains=[Role.ADMIN]).order_by("joined_at")


def checkouts_to_approve(user: Any) -> QuerySet[Checkout]:
    """Admins: what somebody else asks to take out of the house."""
    asked = checkouts(user).filter(out_at=None, in_at=None, off_site=True).exclude(out_by=user.pk)
    return asked if user.holds(Role.ADMIN) else asked.none()


def shreddings(user: Any) -> QuerySet[Shredding]:
    """Whoever sees the file sees what became of it."""
    return Shredding.objects.filter(Exists(paper_files(user).order_by().filter(pk=OuterRef("file"))))


def shreddable_files(user: Any) -> QuerySet[PaperFile]:
    """The care team and admins, who may know whether a hold keeps it (RET-22): paper whose scan was verified."""
    rows = paper_files(user).filter(state=PaperFile.State.VERIFIED)
    return rows if user.holds(Role.ADMIN) else rows.filter(granted(user, CLINICAL, "client"))


def cabinets(user: Any) -> QuerySet[Cabinet]:
    """Everyone who works here sees where paper stands."""
    return Cabinet.objects.select_related("lock").order_by("name") if user.is_staff_member else Cabinet.objects.none()


def locks(user: Any) -> QuerySet[Lock]:
    """Admins keep the locks."""
    return Lock.objects.order_by("name") if user.holds(Role.ADMIN) else Lock.objects.none()


def keys(user: Any) -> QuerySet[KeyHolder]:
    """Admins see who has which key; everybody their own."""
    rows = KeyHolder.objects.filter(returned_at=None).select_related("lock", "person").order_by("lock__name", "issued_at")
    return rows if user.holds(Role.ADMIN) else rows.filter(person=user.pk)


def told_of_paper() -> QuerySet[User]:
    """Whoever may be told of paper that is late: everyone working here now. For the job."""
    return User.objects.staff().order_by("joined_at")
