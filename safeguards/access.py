"""Who may, in the room of safeguards. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

import datetime
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value

from audit import clock
from practice.access import governed_practice
from practice.models import Practice, User
from practice.roles import Role

from .inventory import in_use
from .models import Agreement, Device, DeviceEntry, Sanction, Training, Vendor
from .rules import Course, courses, periods


def _today() -> datetime.date:
    return clock.today()


def _officers() -> QuerySet[User]:
    return User.objects.working().filter(roles__contains=[Role.ADMIN])


# --- training (SE-15) ---------------------------------------------------------------------------------------------------------


def trainings(user: Any) -> QuerySet[Training]:
    """Admins: everybody's training; everyone who works here: their own. The only admin's is everybody's, who may confirm it."""
    rows = Training.objects.select_related("person", "confirmed_by").order_by("-held_on", "-recorded_at", "pk")
    if user.holds(Role.ADMIN):
        return rows
    sole = Q(person__in=_officers().values("pk"), confirmed_at=None, attested_at__isnull=False)
    return rows.filter(Q(person=user.pk) | (sole & ~Q(_second_officer()))) if user.is_staff_member else rows.none()


def _second_officer() -> Exists:
    return Exists(_officers().exclude(pk=OuterRef("person")))


def trainings_to_confirm(user: Any) -> QuerySet[Training]:
    """Of those the ones of others, who say that they were trained."""
    return trainings(user).filter(attested_at__isnull=False, confirmed_at=None).exclude(person=user.pk)


def trainings_to_attest(user: Any) -> QuerySet[Training]:
    """Whoever was trained, as somebody else recorded."""
    return trainings(user).filter(person=user.pk, attested_at=None)


def _counting(course: Course, person: Any) -> QuerySet[Training]:
    """The training in ``course`` of ``person`` (an id or a column) that counts today."""
    rows = Training.objects.filter(person=person, course=course.id, attested_at__isnull=False, confirmed_at__isnull=False)
    anew = Q(held_on__gte=course.edition) | Q(anew_by__gte=_today())
    return rows.alias(anew_by=Value(course.anew_by, output_field=DateField())).filter(anew, expires_on__gte=_today())


def untrained() -> QuerySet[User]:
    """Everyone working here whose training in some course is missing or over (SE-15). For grants, claims and the roster."""
    lacking = [Q(~Exists(_counting(course, OuterRef("pk")))) for course in courses().values()]
    return User.objects.staff().filter(reduce(or_, lacking))


def to_be_trained(user: Any) -> QuerySet[User]:
    """The person themselves, while a course is missing, over, or soon over."""
    lasting = [Q(Exists(_lasting(course))) for course in courses().values()]
    return User.objects.staff().filter(pk=user.pk).exclude(reduce(and_, lasting))


def _lasting(course: Course) -> QuerySet[Training]:
    soon = ExpressionWrapper(F("expires_on") - datetime.timedelta(days=course.soon_days), output_field=DateField())
    return _counting(course, OuterRef("pk")).alias(soon_on=soon).filter(soon_on__gte=_today())


# --- sanctions (SE-14) ----------------------------------------------------------------------------------------------------------


def sanctions(user: Any) -> QuerySet[Sanction]:
    """Officers, but of themselves nothing that is not decided; and the person concerned, once it is."""
    own = Q(person=user.pk, decided_at__isnull=False)
    shown = own | ~Q(person=user.pk) if user.holds(Role.ADMIN) else own
    return Sanction.objects.filter(shown).select_related("person", "decided_by", "incident").order_by("-happened_on", "pk")


def sanctions_to_decide(user: Any) -> QuerySet[Sanction]:
    """Officers: what is not decided, of anybody else."""
    return sanctions(user).filter(decided_at=None)  # of oneself, and as a colleague, one sees only what is decided


# --- vendors (SE-18) ------------------------------------------------------------------------------------------------------------


def vendors(user: Any) -> QuerySet[Vendor]:
    """Admins keep the vendors."""
    return Vendor.objects.order_by("name") if user.holds(Role.ADMIN) else Vendor.objects.none()


def agreements(user: Any) -> QuerySet[Agreement]:
    """Admins: the agreements with vendors, the newest first."""
    rows = Agreement.objects.select_related("vendor").order_by("-signed_on", "-recorded_at")
    return rows if user.holds(Role.ADMIN) else rows.none()


def active() -> QuerySet[Agreement]:
    """Agreements in force today, with vendors that have not ended."""
    today = _today()
    return Agreement.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), signed_on__lte=today, vendor__ended_on=None)


def vendors_without(user: Any) -> QuerySet[Vendor]:
    """Admins: vendors who see records while no agreement is in force, or the last one ends soon (SE-18)."""
    soon = ExpressionWrapper(F("ends_on") - datetime.timedelta(days=periods().agreement_soon_days), output_field=DateField())
    lasting = active().filter(vendor=OuterRef("pk")).alias(soon_on=soon).filter(Q(ends_on=None) | Q(soon_on__gt=_today()))
    return vendors(user).filter(~Exists(lasting), sees_records=True, ended_on=None)


def unagreed_practice(user: Any) -> QuerySet[Practice]:
    """Admins, while the running configuration uses a service outside whose vendor is not listed or has no agreement (SE-18)."""
    lacking = [Q(~Exists(active().filter(vendor__runs__contains=[service.key]))) for service in in_use()]
    return governed_practice(user).filter(reduce(or_, lacking)) if lacking else governed_practice(user).none()


# --- devices (SE-19, REV-6) -------------------------------------------------------------------------------------------------------


def devices(user: Any) -> QuerySet[Device]:
    """Admins: every device; everyone who works here: those they use."""
    rows = Device.objects.select_related("used_by", "witness", "retired_by").order_by("label")
    if user.holds(Role.ADMIN):
        return rows
    return rows.filter(used_by=user.pk) if user.is_staff_member else rows.none()


def entries(user: Any) -> QuerySet[DeviceEntry]:
    """Whoever sees a device sees its log."""
    seen = devices(user).order_by().filter(pk=OuterRef("device"))
    return DeviceEntry.objects.filter(Exists(seen)).select_related("by").order_by("-at", "pk")


def devices_to_look_at(user: Any) -> QuerySet[Device]:
    """Whoever uses a device whose updates nobody looked at in time; of one that nobody uses, admins."""
    old = ExpressionWrapper(F("patched_on") + datetime.timedelta(days=periods().patch_days), output_field=DateField())
    mine = Q(used_by=user.pk) | Q(used_by=None)  # whoever is no admin sees only what they use
    rows = devices(user).filter(mine, state=Device.State.USED).alias(old_on=old)
    return rows.filter(Q(patched_on=None) | Q(old_on__lt=_today()))


def told() -> QuerySet[User]:
    """Everyone working here now: whoever may have to be told of an end. For the job."""
    return User.objects.staff().order_by("joined_at")
