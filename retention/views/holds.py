"""Legal holds: of one client's record, and of all records."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes, lists
from clients import header
from clients.access import assignable_clients, watched_clients
from clients.models import Client
from clients.views import again, me
from practice.access import governed_practice, staffed_practice
from practice.models import Practice
from practice.refusals import Refused
from practice.roles import Role
from retention import access, actions, blocks
from retention.forms.holds import HoldForm, ReleaseForm
from retention.models import Hold
from retention.payers import name_of


def done(act: Callable[[], object]) -> Refused | None:
    """Do it; what a rule says against it."""
    try:
        act()
    except Refused as refused:
        return refused
    return None


def _longer(request: HttpRequest, client: Client) -> list[dict[str, Any]]:
    rows = access.kept_longer(request.user).filter(client=client.pk)
    days = [(row, row.said["asks"], row.said["day"]) for row in rows]
    return [{"row": row, "asks": name_of(asks), "day": datetime.date.fromisoformat(day) if day else None} for row, asks, day in days]


@lists(access.holds, within=watched_clients)
def hold_list(request: HttpRequest, client: Client, rows: QuerySet[Hold]) -> HttpResponse:
    """What holds this record, what held it, and what else stands against destroying it."""
    context = {
        "head": header.of(request, client, "client_team"), "client": client, "holds": rows.filter(client=client.pk),
        "everywhere": access.open_holds(request.user).filter(client=None), "blocks": blocks.against(client),
        "longer": _longer(request, client),
        "may": assignable_clients(request.user).filter(pk=client.pk).exists(), "releases": me(request).holds(Role.ADMIN),
    }  # fmt: skip
    return render(request, "retention/hold_list.html", context)


@changes(assignable_clients)
def hold_new(request: HttpRequest, client: Client) -> HttpResponse:
    """Keep this record whatever its day."""
    form = HoldForm(request.POST if request.method == "POST" else None)
    refusal = done(lambda: _place(form, client, request)) if form.is_valid() else None
    if form.is_bound and form.is_valid() and refusal is None:
        messages.success(request, "On hold. Nothing of this record is destroyed until an admin releases it.")
        return redirect("hold_list", pk=client.pk)
    head = header.of(request, client, "client_team")
    return again(request, "retention/hold_new.html", {"head": head, "client": client, "form": form, "refusal": refusal})


@changes(governed_practice)
def practice_hold_new(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Keep every record of the practice."""
    form = HoldForm(request.POST if request.method == "POST" else None)
    refusal = done(lambda: _place(form, None, request)) if form.is_valid() else None
    if form.is_bound and form.is_valid() and refusal is None:
        messages.success(request, "All records are on hold. Nothing is destroyed until an admin releases it.")
        return redirect("practice_hold_list")
    return again(request, "retention/practice_hold_new.html", {"form": form, "refusal": refusal})


def _place(form: HoldForm, client: Client | None, request: HttpRequest) -> None:
    data = form.cleaned_data
    actions.place(client, data["ground"], data["reason"], by=me(request), since=data["since"])


@lists(access.holds, within=staffed_practice)
def practice_hold_list(request: HttpRequest, practice: Practice, rows: QuerySet[Hold]) -> HttpResponse:
    """Holds on all records, and those who see them."""
    context = {"holds": rows.filter(client=None), "releases": me(request).holds(Role.ADMIN)}
    return render(request, "retention/practice_hold_list.html", context)


@changes(access.releasable_holds)
def hold_release(request: HttpRequest, hold: Hold) -> HttpResponse:
    """Let go of it, with a reason."""
    form: Form = ReleaseForm(request.POST if request.method == "POST" else None)
    refusal = done(lambda: actions.release(hold, form.cleaned_data["reason"], by=me(request))) if form.is_valid() else None
    if form.is_bound and form.is_valid() and refusal is None:
        messages.success(request, "Released. What else stands against destroying it goes on.")
        return redirect("hold_list", pk=hold.client_id) if hold.client_id else redirect("practice_hold_list")
    return again(request, "retention/hold_release.html", {"hold": hold, "form": form, "refusal": refusal})
