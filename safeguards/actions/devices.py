"""Devices: listed, given to somebody, looked at, lost and found, retired by a method with a witness (SE-19, REV-6)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from audit import clock, trail
from breaches import actions as breaches
from practice.models import User
from practice.refusals import Refused
from review.actions import is_solo
from safeguards.models import Device, DeviceEntry

Kind, State = DeviceEntry.Kind, Device.State


@dataclass(frozen=True)
class Seen:
    """What somebody saw who looked at a device: whether its disk is encrypted, on what it runs, and when its updates were in."""

    disk: str
    system: str
    patched_on: datetime.date | None


def _write(device: Device, kind: str, words: str, by: User) -> DeviceEntry:
    row = DeviceEntry(device=device, kind=kind, by=by)
    row.words = words.strip()
    row.save(force_insert=True)
    trail.change(device, f"device_{kind}")
    return row


def add_device(label: str, kind: str, seen: Seen, *, by: User, used_by: User | None = None, owned_here: bool = True) -> Device:
    """List a device by the ``label`` that is on it. Raises Refused for a taken one, and for updates of a day to come."""
    if not label.strip() or Device.objects.filter(label=label.strip()).exists():
        raise Refused("SE-19", "A device has a label of its own.", "Choose one that is not taken.")
    device = Device(label=label.strip(), kind=Device.Kind(kind), used_by=used_by, owned_here=owned_here, added_by=by)
    _take(device, seen)
    device.save(force_insert=True)
    _write(device, Kind.ADDED, "", by)
    return device


def _take(device: Device, seen: Seen) -> None:
    if seen.patched_on and seen.patched_on > clock.today():
        raise Refused("REV-6", "That day is still to come.", "Say when you last saw that its updates are in.")
    device.disk, device.system, device.patched_on = Device.Disk(seen.disk), seen.system.strip(), seen.patched_on


def _require(device: Device, *states: str) -> None:
    if device.state not in states:
        raise Refused("SE-19", f"This device is {device.get_state_display()}.", "")


def see_device(device: Device, seen: Seen, *, by: User) -> None:
    """``by`` looked at it. Raises Refused where it is not in use."""
    _require(device, State.USED)
    _take(device, seen)
    device.save(update_fields=["disk", "system", "patched_on"])
    _write(device, Kind.SEEN, f"{device.get_disk_display()}; {device.system}; updates of {device.patched_on or 'no known day'}", by)


def move_device(device: Device, to: User | None, *, by: User) -> None:
    """Somebody else uses it from now on, or nobody. Raises Refused where it is not in use."""
    _require(device, State.USED)
    device.used_by = to
    device.save(update_fields=["used_by"])
    _write(device, Kind.MOVED, f"to {to.name}" if to else "to nobody", by)


def lose_device(device: Device, words: str, *, by: User) -> None:
    """Nobody knows where it is: an incident in the same transaction, in which somebody weighs what was on it. Raises Refused twice."""
    _require(device, State.USED)
    device.state = State.LOST
    device.save(update_fields=["state"])
    entry = _write(device, Kind.LOST, words, by)
    what = f"A device is lost or stolen: {device.label}, {device.get_kind_display()}, disk {device.get_disk_display()}. {words.strip()}"
    breaches.report(what.strip(), by=by, noticed_at=entry.at, going_on="unknown", source=("device", entry.pk))


def find_device(device: Device, words: str, *, by: User) -> None:
    """It is back. The incident stays: whoever had it may have looked. Raises Refused where it was not lost."""
    _require(device, State.LOST)
    device.state = State.USED
    device.save(update_fields=["state"])
    _write(device, Kind.FOUND, words, by)


def retire_device(device: Device, method: str, witness: User | None, words: str, *, by: User) -> None:
    """What is on it is gone for good. Final. Raises Refused without a witness, but where nobody else works here; and twice."""
    _require(device, State.USED, State.LOST)
    if device.state == State.LOST and method != Device.Method.PURGE:
        raise Refused("SE-19", "What is lost can only be wiped from afar.", "Choose purged, or find it first.")
    if (witness is None or witness.pk == by.pk) and not is_solo():
        raise Refused("SE-19", "Somebody else sees that what is on it is gone.", "Name a colleague who was there.")
    device.state, device.method, device.retired_by, device.retired_at = State.RETIRED, Device.Method(method), by, clock.now()
    device.witness = witness if witness and witness.pk != by.pk else None
    device.save(update_fields=["state", "method", "retired_by", "retired_at", "witness"])
    _write(device, Kind.RETIRED, words, by)
