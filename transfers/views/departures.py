"""The leaver's page: clients, supervision, unfinished notes, what else waits; and the end of the account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from audit.doors import changes, reads, shown
from clients.views import again, me
from practice import ownership
from practice.access import supervisions
from practice.actions.supervision import standing
from practice.factors import reauthenticated
from practice.models import User
from practice.profile import profile
from practice.refusals import Refused
from transfers import access, actions, leaving
from transfers.forms.departures import BeginForm, EndForm
from transfers.models import Departure


@changes(access.others)
@reauthenticated
def departure_begin(request: HttpRequest, person: User) -> HttpResponse:
    """Prepare somebody's leaving; one that is under way is shown instead."""
    if row := access.departures(request.user).filter(person=person.pk, ended_at=None).first():
        return redirect("departure_detail", pk=row.pk)
    form, refusal = BeginForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            return redirect("departure_detail", pk=actions.begin(person, form.cleaned_data["last_day"], by=me(request)).pk)
        except Refused as refused:
            refusal = refused
    return again(request, "transfers/departure_begin.html", {"form": form, "refusal": refusal, "person": person})


@reads(access.departures)
def departure_detail(request: HttpRequest, row: Departure) -> HttpResponse:
    """What is settled and what is left, as the rows say at this moment; one comes back to it at any time."""
    return _detail(request, row)


def _detail(request: HttpRequest, row: Departure, refusal: Refused | None = None, form: Form | None = None) -> HttpResponse:
    clients = leaving.clients_of(row.person, by=me(request)) if row.is_open else []
    shown([each.grant.content_object_id for each in clients])
    context: dict[str, Any] = {
        "row": row, "refusal": refusal, "form": form or EndForm(), "clients": clients, "owner": ownership.models().get(profile().ownership),
        "settled": sum(1 for each in clients if each.settled), "left": leaving.left_by(row.person) if row.is_open else [],
        "mine": row.person_id == me(request).pk, "supervised": _supervised(request, row.person),
        "ends": access.endable_departures(request.user).filter(pk=row.pk).exists(),
    }  # fmt: skip
    return again(request, "transfers/departure_detail.html", context)


def _supervised(request: HttpRequest, person: User) -> list[str]:
    """Who supervises them: said, for it ends with the account by itself."""
    rows = supervisions(request.user).filter(standing(), supervisee=person.pk).select_related("supervisor")
    return [str(row.supervisor.name) for row in rows]


@changes(access.endable_departures)
@reauthenticated
def departure_end(request: HttpRequest, row: Departure) -> HttpResponse:
    """End the account: nothing is left, or what is left is named."""
    form = EndForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _detail(request, row, None, form)
    try:
        actions.end(row, form.cleaned_data["left_words"], by=me(request))
    except Refused as refused:
        return _detail(request, row, refused, form)
    messages.success(request, "The account ends with the last day.")
    return redirect("departure_detail", pk=row.pk)


@changes(access.endable_departures)
def departure_stop(request: HttpRequest, row: Departure) -> HttpResponse:
    """They stay."""
    if request.method == "POST":
        actions.call_off(row, by=me(request))
        messages.success(request, "Called off. Clients who were handed on stay where they are.")
    return redirect("departure_detail", pk=row.pk)
