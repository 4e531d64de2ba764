"""The Disclosures tab of a client: what went to whom, writing down what went in another way, taking back, keeping out for a time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from audit import clock
from audit.doors import changes, lists
from clients import header
from clients.access import counseled_clients, readable_clients
from clients.models import Client
from clients.views import again, me, rows_of, under_kept
from disclosures import access, actions, law
from disclosures.forms.accounting import DisclosureForm, ReverseForm, SuspendForm
from disclosures.law import Basis
from disclosures.models import Disclosure, Suspension
from practice.refusals import Refused

MOST = 200


def page(request: HttpRequest, name: str, client: Client, **context: Any) -> HttpResponse:
    """A page under the Disclosures tab of ``client``."""
    head = header.of(request, client, "disclosure_list")
    return again(request, f"disclosures/{name}.html", {"client": client, "head": head} | context)


@lists(access.readable_disclosures, within=readable_clients)
@under_kept(readable_clients)
def disclosure_list(request: HttpRequest, client: Client, entries: QuerySet[Disclosure]) -> HttpResponse:
    """What of this record went to whom, the newest first; requests for the accounting, and what agencies had kept out."""
    rows = rows_of(request, client, readable_clients)
    found = entries.filter(client__in=rows, reverses=None)[: MOST + 1]
    held = set(entries.filter(access.suspended(), client__in=rows).values_list("pk", flat=True))
    shown = [{"entry": entry, "basis": law.bases()[entry.basis], "held": entry.pk in held} for entry in found[:MOST]]
    context = {
        "client": client, "head": header.of(request, client, "disclosure_list"), "rows": shown, "more": len(found) > MOST,
        "suspensions": access.suspensions(request.user).filter(client__in=rows),
        "restrictions": access.restrictions(request.user).filter(client__in=rows),
        "releases": access.listed_releases(request.user).filter(client__in=rows)[:MOST],
        "requests": access.kept_accountings(request.user).filter(client__in=rows).defer("pdf"),
        "rights": access.kept_rights(request.user).filter(client__in=rows)[:MOST],
        "changes": counseled_clients(request.user).filter(pk=client.pk).exists(), "today": clock.today(),
    }  # fmt: skip
    return render(request, "disclosures/disclosure_list.html", context)


def offered(only_releases: bool = False) -> list[tuple[str, list[Basis]]]:
    """The bases in their groups."""
    found = [basis for basis in law.bases().values() if (basis.release and not basis.process) or not only_releases]
    return [(title, [basis for basis in found if basis.group == key]) for key, title in law.groups().items()]


@changes(counseled_clients)
@under_kept(counseled_clients)
def disclosure_new(request: HttpRequest, client: Client) -> HttpResponse:
    """Write down what was disclosed in another way, as in a call: on what it rests first, then what that asks for."""
    basis = law.bases().get(request.GET.get("basis", ""))
    if basis is None:
        return page(request, "disclosure_basis", client, groups=offered())
    initial = {"on": clock.today()}
    form, refusal = DisclosureForm(basis, request.POST if request.method == "POST" else None, initial=initial), None
    if form.is_valid():
        try:
            actions.record(client, form.entry(), by=me(request))
            messages.success(request, "Written down.")
            return redirect("disclosure_list", client.pk)
        except Refused as refused:
            refusal = refused
    return page(request, "disclosure_new", client, form=form, refusal=refusal, basis=basis)


@changes(counseled_clients)
def disclosure_reverse(request: HttpRequest, client: Client, entry: UUID) -> HttpResponse:
    """Take back an entry that was wrong. Both stay to be read."""
    rows = rows_of(request, client, counseled_clients)
    row = get_object_or_404(access.reversible_disclosures(request.user), pk=entry, client__in=rows)
    form, refusal = ReverseForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            actions.take_back(row, form.cleaned_data["why"], by=me(request))
            messages.success(request, "Taken back. Both entries stay to be read.")
            return redirect("disclosure_list", client.pk)
        except Refused as refused:
            refusal = refused
    return page(request, "disclosure_reverse", client, form=form, refusal=refusal, entry=row)


@changes(counseled_clients)
@under_kept(counseled_clients)
def suspension_new(request: HttpRequest, client: Client) -> HttpResponse:
    """An agency asks that its disclosures stay out of the accounting for a time (ACC-7)."""
    entries = list(access.suspendable_disclosures(request.user, client)[:MOST])
    form, refusal = SuspendForm(entries, request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            actions.suspend(**form.given(), by=me(request))
            messages.success(request, "Kept out of the accounting until then.")
            return redirect("disclosure_list", client.pk)
        except Refused as refused:
            refusal = refused
    return page(request, "suspension_new", client, form=form, refusal=refusal, entries=entries)


@changes(access.unended_suspensions)
def suspension_end(request: HttpRequest, row: Suspension) -> HttpResponse:
    """It is over before its day."""
    if request.method != "POST":
        return page(request, "suspension_end", row.client, row=row)
    try:
        actions.end_suspension(row, by=me(request))
    except Refused as refused:
        return page(request, "suspension_end", row.client, row=row, refusal=refused)
    messages.success(request, "Ended. The entries are in the accounting again.")
    return redirect("disclosure_list", row.client_id)
