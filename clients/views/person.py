"""The person: overview, identity, status, and the members of a couple or family."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from audit.doors import changes, reads
from clients import access, actions, header, search
from clients.forms.fields import today
from clients.forms.person import PersonForm, SearchForm, person_values
from clients.models import Client
from clients.models.steps import ENDED
from practice import open_room
from practice.refusals import Refused

from . import again, me

MOST = 25
STEPS_SHOWN = 10


def age_on(born: datetime.date, day: datetime.date) -> int:
    """Full years between ``born`` and ``day``."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _people(request: HttpRequest, client: Client) -> dict[str, Any]:
    """Members and units that the reader may see; of other members only that there are some, of other units nothing."""
    mine = access.contact_clients(request.user)
    places = list(client.memberships.filter(person__in=mine).select_related("person")) if client.is_unit else []
    return {
        "places": places,
        "unseen": client.memberships.count() - len(places) if client.is_unit else 0,
        "units": [] if client.is_unit else list(access.readable_clients(request.user).filter(memberships__person=client)),
    }


def _team(client: Client) -> list[dict[str, Any]]:
    return [{"name": grant.user.name, "role": grant.role_word, "until": grant.until} for grant in access.care_team(client)]


@reads(access.readable_clients)
def client_detail(request: HttpRequest, client: Client) -> HttpResponse:
    """The overview, for the care team."""
    context = {"head": header.of(request, client, "client_detail"), "client": client, "team": _team(client)}
    context |= {"age": age_on(client.born_on, today()) if client.born_on else None, "ended": client.status in ENDED}
    context |= {"steps": access.status_steps(request.user).filter(client=client)[:STEPS_SHOWN]}
    return render(request, "clients/client_detail.html", context | _people(request, client))


def home_of(request: HttpRequest, client: Client) -> HttpResponse:
    """Back to the overview, or to the contacts for those who have no overview."""
    in_team = access.readable_clients(request.user).filter(pk=client.pk).exists()
    return redirect("client_detail" if in_team else "client_contacts", pk=client.pk)


@changes(access.contact_changeable_clients)
def client_edit(request: HttpRequest, client: Client) -> HttpResponse:
    """Names, pronouns, date of birth, languages, emergency contact. In an open room they stay shut."""
    if request.method == "GET" and open_room.is_on():
        return render(request, "clients/_names_hidden.html", {"head": header.of(request, client)})
    form = PersonForm(request.POST) if request.method == "POST" else PersonForm(initial=person_values(client))
    if not form.is_valid():
        return again(request, "clients/client_edit.html", {"head": header.of(request, client), "form": form})
    actions.change_person(client, by=me(request), **form.identity)
    messages.success(request, "Saved.")
    return home_of(request, client)


def _candidates(request: HttpRequest, unit: Client, words: str) -> list[Client]:
    """Persons that the asker may see and ``words`` find, who are not members yet."""
    persons = access.contact_clients(request.user).exclude(kind__in=[Client.Kind.COUPLE, Client.Kind.FAMILY]).exclude(places__unit=unit)
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
    """Find a person and make them a member of the couple or family. It gives nobody access to anybody."""
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
    """Take a person out of the couple or family."""
    member = get_object_or_404(unit.memberships.filter(person__in=access.contact_clients(request.user)), pk=place)
    if request.method != "POST":
        return render(request, "clients/unit_leave.html", {"head": header.of(request, unit), "member": member})
    actions.leave_unit(member, by=me(request))
    messages.success(request, "Removed.")
    return home_of(request, unit)
