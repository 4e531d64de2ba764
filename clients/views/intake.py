"""Taking in a client: one form, two names are enough."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from audit.doors import changes
from clients import access, actions, search
from clients.forms.person import IntakeForm
from clients.models import Client
from practice.access import intake_practice
from practice.models import Practice
from practice.refusals import Refused
from practice.roles import Role

from . import again, me
from .lists import UNSHOWN


def _form(request: HttpRequest) -> IntakeForm:
    chooses = me(request).holds(Role.DESK)
    counselors = access.counselors() if chooses else []
    return IntakeForm(request.POST if request.method == "POST" else None, counselors=counselors, chooses=chooses, initial={"kind": "adult"})


def _alike(request: HttpRequest, form: IntakeForm) -> list[Client]:
    """Possible duplicates among the clients the asker may see. Of all others nothing is told, in words or in time."""
    names = {name: form.cleaned_data[name] for name in ("given_name", "family_name", "preferred_name", "born_on")}
    pairs = [(point["kind"], point["address"]) for point in form.addresses]
    mine = access.unmerged(access.contact_clients(request.user), access.contact_clients, request.user).defer(*UNSHOWN)
    return list(search.duplicates(mine, **names, addresses=pairs)[:10])


def _take_in(request: HttpRequest, form: IntakeForm) -> Client:
    by = me(request)
    client = actions.take_in(by=by, counselor=form.counselor_for(by), kind=form.cleaned_data["kind"], **form.identity)
    for point in form.addresses:
        made = actions.add_contact_point(client, by=by, **point)
        for terms in form.agreed(made.kind):
            actions.agree(client, terms, by=by, point=made)
        if form.cleaned_data["heard"]:
            actions.heard(made, by=by)
    return client


def _page(form: IntakeForm, alike: list[Client], refusal: Refused | None = None) -> dict[str, Any]:
    points = [(form[kind], form[f"{kind}_may"], form[f"{kind}_safe"], form[f"{kind}_risks"]) for kind in ("phone", "mail", "post")]
    return {"form": form, "alike": alike, "points": points, "refusal": refusal}


@changes(intake_practice)
def client_new(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Intake. Possible duplicates are shown once, with "take in anyway". From here straight to sending papers, if one likes."""
    form = _form(request)
    if not form.is_valid():
        return again(request, "clients/client_new.html", _page(form, []))
    alike = _alike(request, form)
    if alike and not form.cleaned_data["anyway"]:
        return again(request, "clients/client_new.html", _page(form, alike))
    try:
        client = _take_in(request, form)
    except Refused as refused:
        return again(request, "clients/client_new.html", _page(form, [], refused))
    messages.success(request, "Taken in.")
    if request.POST.get("then") == "send":
        return redirect("consent_send", pk=client.pk)  # of a room to the right, by name
    in_team = access.readable_clients(request.user).filter(pk=client.pk).exists()
    return redirect("client_detail" if in_team else "client_contacts", pk=client.pk)
