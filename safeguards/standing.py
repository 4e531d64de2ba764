"""What these lists answer: the claims, whose work REV-6 looks at, and how somebody's training stands (SE-14, SE-15, SE-18, SE-19)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q

from practice.models import User
from review.claims import Answer, Claim, active_if, counted
from review.claims.looked import by_review

from . import access
from .inventory import in_use
from .models import Device


def users_of_devices() -> set[UUID]:
    """Whoever uses a device: the review of devices looks at their work (REV-6)."""
    return set(Device.objects.filter(used_by__isnull=False, state=Device.State.USED).values_list("used_by", flat=True))


def _trained(user: Any) -> Answer:
    people, lacking = User.objects.staff().count(), access.untrained().count()
    said = f"{people - lacking} of {counted(people, 'colleague')} trained and confirmed in every course; "
    return active_if(not lacking, f"{said}no further record is opened to anybody else.")


def _sanctioned(user: Any) -> Answer:
    reviewed, waits = by_review("REV-10")(user), access.sanctions_to_decide(user).count()
    if waits:
        return Answer("Off", f"{counted(waits, 'violation')} not decided yet.", reviewed.on)
    return reviewed


def _agreed(user: Any) -> Answer:
    used, practice = in_use(), access.unagreed_practice(user).exists()
    seeing = access.vendors(user).filter(sees_records=True, ended_on=None)
    bare = seeing.exclude(pk__in=access.active().values("vendor")).count()
    if not used and not seeing.exists():
        return Answer("Active", "Nothing leaves this machine by the configuration, and no vendor whom records reach is listed.")
    said = f"{counted(seeing.count(), 'vendor')} whom records reach, {bare} without an agreement in force; "
    covered = "not all of them" if practice else "each" if used else "none"
    return active_if(not bare and not practice, f"{said}{counted(len(used), 'service')} outside in use, {covered} under one.")


def _listed(user: Any) -> Answer:
    rows = access.devices(user).filter(state=Device.State.USED)
    number, bare = rows.count(), rows.filter(~Q(disk=Device.Disk.YES)).count()
    if not number:
        return Answer("Off", "No device is listed.")
    lost = access.devices(user).filter(state=Device.State.LOST).count()
    return active_if(not bare, f"{counted(number, 'device')} in use, {bare} without an encrypted disk; {lost} lost.")


CLAIMS = (
    Claim("sanctions", "SE-14", "Sanctions are decided and recorded", "Whether one waits, and when they were last reviewed.", _sanctioned),
    Claim("training", "SE-15", "Staff are trained", "Whose training is in force.", _trained),
    Claim("vendors", "SE-18", "Agreements with vendors", "Which services outside are in use, and under which agreements.", _agreed),
    Claim("devices", "SE-19", "Devices are listed", "How many are in use, and on how many the disk is encrypted.", _listed),
)
