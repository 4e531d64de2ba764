"""Devices and their log, and the inventory as a table."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from audit.doors import changes, exports, lists
from audit.sheet import rows as sheet
from clients.views import again, me
from practice.access import colleagues, governed_practice, staffed_practice
from practice.models import Practice, User
from practice.refusals import Refused
from practice.roles import Role
from safeguards import access, actions, sheets
from safeguards.forms import DeviceForm, FindForm, LoseForm, MoveForm, RetireForm, SeenForm
from safeguards.inventory import software
from safeguards.models import Device


@lists(access.devices, within=staffed_practice)
def device_list(request: HttpRequest, practice: Practice, devices: QuerySet[Device]) -> HttpResponse:
    """The devices one uses; for admins all of them, and the software that runs here."""
    admin = me(request).holds(Role.ADMIN)
    late = set(access.devices_to_look_at(request.user).values_list("pk", flat=True))
    found = {"rows": [{"device": row, "late": row.pk in late} for row in devices], "admin": admin}
    return render(request, "safeguards/device_list.html", found | {"programs": len(software()) if admin else 0})


@changes(governed_practice)
def device_new(request: HttpRequest, practice: Practice) -> HttpResponse:
    """List a device."""
    form, refusal = DeviceForm(*([request.POST] if request.method == "POST" else []), people=list(colleagues(request.user))), None
    if form.is_valid():
        said = form.cleaned_data
        try:
            device = actions.add_device(
                said["label"], said["kind"], form.seen, by=me(request), used_by=said["person"], owned_here=said["owned_here"]
            )
            messages.success(request, "Listed.")
            return redirect("device_detail", pk=device.pk)
        except Refused as refused:
            refusal = refused
    return again(request, "safeguards/device_new.html", {"form": form, "refusal": refusal})


@changes(access.devices)
def device_detail(request: HttpRequest, device: Device) -> HttpResponse:
    """One device: what was seen, and its log; given to somebody else, lost, found, retired."""
    what, refusal, by = request.POST.get("what", ""), None, me(request)
    forms = _forms(request, device, what)
    form = forms.get(what)
    if form is not None and form.is_valid():
        try:
            _done(device, what, form, by)
            messages.success(request, "Kept. An incident is open." if what == "lose" else "Kept.")
            return redirect("device_list")
        except Refused as refused:
            refusal = refused
    found = {"device": device, "entries": access.entries(by).filter(device=device), "forms": forms, "refusal": refusal}
    return again(request, "safeguards/device_detail.html", found)


def _forms(request: HttpRequest, device: Device, what: str) -> dict[str, Any]:
    """What may be done with it now: whoever uses it looks at it and loses it; admins do the rest as well."""
    people, admin = list(colleagues(request.user)), me(request).holds(Role.ADMIN)
    seen = {name: getattr(device, name) for name in ("disk", "system", "patched_on")}

    def given(name: str) -> Any:
        return request.POST if what == name else None

    made: dict[str, Any] = {}
    if device.state == Device.State.USED:
        made |= {"seen": SeenForm(given("seen"), initial=seen), "lose": LoseForm(given("lose"))}
    if admin and device.state == Device.State.USED:
        made["move"] = MoveForm(given("move"), people=people)
    if admin and device.state == Device.State.LOST:
        made["find"] = FindForm(given("find"))
    if admin and device.state != Device.State.RETIRED:
        others = [person for person in people if person.pk != me(request).pk]
        made["retire"] = RetireForm(given("retire"), people=others, auto_id="id_retire_%s")  # both forms have a "person"
    return made


def _done(device: Device, what: str, form: Any, by: User) -> None:
    said = form.cleaned_data
    if what == "seen":
        actions.see_device(device, form.seen, by=by)
    elif what == "move":
        actions.move_device(device, said["person"], by=by)
    elif what == "lose":
        actions.lose_device(device, said["lost_words"], by=by)
    elif what == "find":
        actions.find_device(device, said["found_words"], by=by)
    else:
        actions.retire_device(device, said["method"], said["person"], said["how_words"], by=by)


@exports(governed_practice)
def device_sheet(request: HttpRequest, practice: Practice) -> HttpResponse:
    """The inventory as a table."""
    return _sheet("devices.csv", sheets.devices(request.user))


@exports(governed_practice)
def software_sheet(request: HttpRequest, practice: Practice) -> HttpResponse:
    """What the running installation is made of."""
    return _sheet("software.csv", sheets.programs())


def _sheet(name: str, lines: sheets.Lines) -> HttpResponse:
    header = content_disposition_header(True, name)
    return HttpResponse(sheet(lines), content_type="text/csv; charset=utf-8; header=present", headers={"Content-Disposition": header})
