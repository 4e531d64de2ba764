"""Couples, families and groups: their members, and what they agreed about their record (IC-33)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from audit.doors import changes
from clients import access, actions, header, search
from clients.forms.agreement import AgreementForm, agreement_values
from clients.forms.person import SearchForm
from clients.forms.units import LeaveForm
from clients.models import UNITS, Client
from practice.refusals import Refused

from . import again, me
from .person import home_of

MOST = 25


def _candidates(request: HttpRequest, unit: Client, words: str) -> list[Client]:
    """Persons that the asker may see and ``words`` find, who are not members yet."""
    mine = access.unmerged(access.contact_clients(request.user), access.contact_clients, request.user)
    persons = mine.exclude(kind__in=UNITS).exclude(places__in=unit.memberships.filter(left_at=None))
    return list(search.among(persons, words)[:MOST])


def _chosen(request: HttpRequest, unit: Client) -> Client | None:
    """The person whose button was pressed, if the asker may see them."""
    try:
        ident = UUID(request.POST.get("person", ""))
    except ValueError:
        return None
    return access.contact_clients(request.user).filter(pk=ident).first()


@changes(access.contact_changeable_clients)
def unit_join(request: HttpRequest, unit: Client) -> HttpResponse:
    """Find a person and make them a member of the couple, family or group. It gives nobody access to anybody."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"head": header.of(request, unit), "form": form}
    person = _chosen(request, unit) if "person" in request.POST else None
    if person is None:
        found = _candidates(request, unit, form.cleaned_data["words"]) if form.is_bound and form.is_valid() else []
        return again(
            request, "clients/unit_join.html", context | {"found": found, "searched": form.is_bound, "lost": "person" in request.POST}
        )
    try:
        actions.join_unit(unit, person, by=me(request))
    except Refused as refusal:
        return again(request, "clients/unit_join.html", context | {"refusal": refusal})
    messages.success(request, "Added.")
    return home_of(request, unit)


@changes(access.contact_changeable_clients)
def unit_leave(request: HttpRequest, unit: Client, place: int) -> HttpResponse:
    """Take a person out of the couple, family or group."""
    present = unit.memberships.filter(left_at=None, person__in=access.contact_clients(request.user))
    member = get_object_or_404(present, pk=place)
    form, refusal = LeaveForm(request.POST if request.method == "POST" else None), None
    try:
        if form.is_valid():
            actions.leave_unit(member, by=me(request), mistake=form.cleaned_data["why"] == "mistake")
            messages.success(request, "Removed.")
            return home_of(request, unit)
    except Refused as refused:
        refusal = refused
    context = {"head": header.of(request, unit), "member": member, "form": form, "refusal": refusal}
    return again(request, "clients/unit_leave.html", context)


@changes(access.agreeing_units)
def unit_agreement(request: HttpRequest, unit: Client) -> HttpResponse:
    """Record what was agreed; the form begins with what holds now. What was agreed before is kept."""
    found = list(access.agreements(request.user, unit))
    form = AgreementForm(request.POST if request.method == "POST" else None, initial=agreement_values(found[0] if found else None))
    if not form.is_valid():
        return again(request, "clients/unit_agreement.html", {"head": header.of(request, unit), "form": form, "client": unit})
    actions.record_agreement(unit, by=me(request), **form.cleaned_data)
    messages.success(request, "Recorded. What was agreed before is kept.")
    return redirect("client_detail", pk=unit.pk)
