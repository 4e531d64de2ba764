"""Vendors and their agreements, and which services outside the running installation uses."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes, exports, lists
from clients.views import again, me
from practice.access import governed_practice
from practice.files import SORTS
from practice.models import Practice
from practice.refusals import Refused
from safeguards import access, actions
from safeguards.forms import AgreementForm, EndForm, VendorForm
from safeguards.inventory import SERVICES, in_use
from safeguards.models import Agreement, Vendor

from .training import served


@lists(access.vendors, within=governed_practice)
def vendor_list(request: HttpRequest, practice: Practice, vendors: QuerySet[Vendor]) -> HttpResponse:
    """Who does what for us, under which agreement; and what the running configuration uses outside."""
    in_force = {row.vendor_id: row for row in access.active().defer("words", "about", "content").order_by("signed_on")}
    ending = set(access.vendors_without(request.user).values_list("pk", flat=True))
    rows = [{"vendor": row, "agreement": in_force.get(row.pk), "ending": row.pk in ending} for row in _unopened(vendors)]
    used = [{"service": service, "vendor": _vendor_of(service.key, rows)} for service in in_use()]
    return render(request, "safeguards/vendor_list.html", {"rows": rows, "used": used})


def _unopened(vendors: QuerySet[Vendor]) -> QuerySet[Vendor]:
    return vendors.defer("services", "subcontractors", "ended_words")


def _vendor_of(key: str, rows: list[dict[str, Any]]) -> Vendor | None:
    return next((row["vendor"] for row in rows if key in row["vendor"].runs and row["agreement"]), None)


@changes(governed_practice)
def vendor_new(request: HttpRequest, practice: Practice) -> HttpResponse:
    """List a vendor."""
    form, refusal = VendorForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            vendor = actions.add_vendor(actions.Offer(**form.cleaned_data), by=me(request))
            messages.success(request, "Listed. Add the agreement.")
            return redirect("vendor_detail", pk=vendor.pk)
        except Refused as refused:
            refusal = refused
    return again(request, "safeguards/vendor_new.html", {"form": form, "refusal": refusal})


@changes(access.vendors)
def vendor_detail(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    """One vendor: the agreements, and the end."""
    what, refusal = request.POST.get("what", ""), None
    forms = {
        "agreement": AgreementForm(*((request.POST, request.FILES) if what == "agreement" else (None, None))),
        "end": EndForm(request.POST if what == "end" else None),
    }
    form = forms.get(what)
    if form is not None and form.is_valid():
        try:
            _done(vendor, what, form.cleaned_data, me(request))
            messages.success(request, "Kept.")
            return redirect("vendor_detail", pk=vendor.pk)
        except Refused as refused:
            refusal = refused
    return again(request, "safeguards/vendor_detail.html", _context(request, vendor) | {"forms": forms, "refusal": refusal})


def _done(vendor: Vendor, what: str, said: dict[str, Any], by: Any) -> None:
    if what == "agreement":
        actions.add_agreement(vendor, actions.Terms(**said), by=by)
    else:
        actions.end_vendor(vendor, said["ended_on"], said["how"], said["how_known"], by=by)


def _context(request: HttpRequest, vendor: Vendor) -> dict[str, Any]:
    rows = access.agreements(request.user).filter(vendor=vendor).defer("content")
    held = [{"row": row, "file": SORTS[row.about["sort"]].word if row.about else ""} for row in rows]
    return {"vendor": vendor, "agreements": held, "runs": [SERVICES[key] for key in vendor.runs if key in SERVICES]}


@exports(access.agreements)
def agreement_download(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """The paper of an agreement, under a name of ours."""
    return served(agreement.about, agreement.content, f"agreement-{agreement.signed_on:%Y-%m-%d}")
