"""The lists as tables: devices with software, agreements, who was trained; for a download, and as evidence."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from audit import clock
from practice.models import User
from review.claims import counted

from . import access
from .inventory import SERVICES, software
from .models import Device
from .rules import Course, courses, state_of

Lines = list[list[object]]


@dataclass(frozen=True)
class Sheet:
    """A table with its figures in words."""

    words: str
    lines: Lines


def devices(user: Any) -> Lines:
    """Every device, as it stands."""
    head: list[object] = ["Label", "Kind", "System", "Owner", "Used by", "Disk", "Updates seen on", "State", "Retired by"]
    return [head, *(_device(row) for row in access.devices(user))]


def _device(row: Device) -> list[object]:
    owner, user = "practice" if row.owned_here else "their own", row.used_by.name if row.used_by else ""
    how = f"{row.get_method_display()}, {timezone.localdate(row.retired_at):%Y-%m-%d}" if row.retired_at else ""
    seen = row.patched_on or ""
    return [row.label, row.get_kind_display(), row.system, owner, user, row.get_disk_display(), seen, row.get_state_display(), how]


def programs() -> Lines:
    """What the running installation is made of."""
    return [["Software", "Version"], *(list[object](pair) for pair in software())]


def inventory(user: Any) -> Sheet:
    """Devices and software, for REV-6."""
    rows = access.devices(user).exclude(state=Device.State.RETIRED)
    bare = rows.filter(~Q(disk=Device.Disk.YES)).count()
    said = [
        counted(rows.count(), "device"), f"{bare} without an encrypted disk", f"{rows.filter(state=Device.State.LOST).count()} lost",
        counted(len(software()), "program"),
    ]  # fmt: skip
    return Sheet(", ".join(said) + ".", [*devices(user), [], *programs()])


def agreements(user: Any) -> Sheet:
    """Vendors and the agreements in force with them, for REV-8."""
    in_force = {row.vendor_id: row for row in access.active().order_by("signed_on")}
    lines: Lines = [["Vendor", "Records reach them", "Services", "Signed", "Ends", "Tells of a breach within", "Ended"]]
    for vendor in access.vendors(user):
        row = in_force.get(vendor.pk)
        told: list[object] = [row.signed_on, row.ends_on or "open", f"{row.breach_days} days"] if row else ["none in force", "", ""]
        runs = ", ".join(SERVICES[key].title for key in vendor.runs)
        lines.append([vendor.name, "yes" if vendor.sees_records else "no", runs, *told, vendor.ended_on or ""])
    bare = access.vendors_without(user).filter(~Q(pk__in=in_force)).count()
    return Sheet(f"{counted(len(lines) - 1, 'vendor')}, {counted(len(in_force), 'agreement')} in force, {bare} missing.", lines)


def roster(user: Any) -> Sheet:
    """Who was trained in what and until when, for REV-10; of sanctions the number alone."""
    lines: Lines = [["Person", "Course", "Held on", "Counts until", "State"]]
    people = list(User.objects.staff().order_by("joined_at"))
    found = standings(people, user)
    lines += [[person.name, *told] for person in people for told in found[person.pk]]
    decided = access.sanctions(user).filter(decided_at__isnull=False).count()
    said = [
        counted(len(people), "colleague"), f"{access.untrained().count()} without training in force",
        f"{counted(decided, 'sanction')} decided", f"{access.sanctions(user).count() - decided} open",
    ]  # fmt: skip
    return Sheet(", ".join(said) + ".", lines)


def standings(people: Iterable[User], user: Any) -> dict[UUID, Lines]:
    """How each of ``people`` stands in each course: title, last held, until when, and the state in a word."""
    asked = [person.pk for person in people]
    rows = access.trainings(user).filter(person__in=asked, attested_at__isnull=False, confirmed_at__isnull=False)
    told = rows.order_by("held_on").values_list("person", "course", "held_on", "expires_on")
    last = {(person, course): (held_on, ends) for person, course, held_on, ends in told}
    return {pk: [_standing(course, last.get((pk, course.id))) for course in courses().values()] for pk in asked}


def _standing(course: Course, last: tuple[datetime.date, datetime.date] | None) -> list[object]:
    state = state_of(course, last[0] if last else None, clock.today())
    return [course.title, *(last or ("", "")), state]
