"""The deny lists of the whole practice, for admins: clients by code, reasons only on request."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit.doors import lists, reads, shown
from clients import access
from clients.forms.team import DeniedForm
from clients.models import Denial
from clients.paging import page_of
from practice.access import governed_practice
from practice.models import Practice


@lists(access.every_denial, within=governed_practice)
def denial_list(request: HttpRequest, practice: Practice, denials: QuerySet[Denial]) -> HttpResponse:
    """Who is denied which client, since when and by whom; no reason is opened here. POST narrows it to one person."""
    people = list(access.denied_people(request.user))
    form = DeniedForm(request.POST if request.method == "POST" else None, people=people)
    person = form.cleaned_data["person"] if form.is_valid() else None
    some = denials.filter(user=person) if person else denials
    newer, older = request.POST.get("newer", ""), request.POST.get("older", "")
    page = page_of(
        some.select_related("client", "user", "denied_by").defer(*_UNSHOWN), order=("-denied_at", "-pk"), newer=newer, older=older
    )
    shown([denial.client_id for denial in page.rows])
    context: dict[str, Any] = {"form": form, "page": page, "person": person, "any": bool(people)}
    return render(request, "clients/denial_list.html", context, status=422 if form.errors else 200)


_UNSHOWN = [f"client__{name}" for name in ("given_name", "family_name", "preferred_name", "pronouns", "born_on", "languages", "emergency")]
_UNSHOWN.append("reason")


@reads(access.every_denial)
def denial_detail(request: HttpRequest, denial: Denial) -> HttpResponse:
    """One entry with its reason: opening it is a line about the client."""
    return render(request, "clients/denial_detail.html", {"denial": denial})
