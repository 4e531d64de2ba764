"""The person: overview, identity, status."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.clock import today
from audit.doors import changes, reads
from clients import access, actions, header
from clients.forms.person import PersonForm, person_values
from clients.models import Client
from clients.models.steps import ENDED
from practice import open_room

from . import again, me, rows_of, under_kept

STEPS_SHOWN = 10
# Rooms to the right bring a line to the overview: callables of the reader and the client, which give label, words and url.
beside: list[Callable[[Any, Client], dict[str, str]]] = []


def age_on(born: datetime.date, day: datetime.date) -> int:
    """Full years between ``born`` and ``day``."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _age(client: Client) -> int | None:
    return age_on(client.born_on, today()) if client.born_on else None


def _people(request: HttpRequest, client: Client, rows: list[UUID]) -> dict[str, Any]:
    """Members and units that the reader may see; of other members only that there are some, of other units nothing."""
    mine = access.contact_clients(request.user)
    here = {"memberships__person__in": rows, "memberships__left_at": None}
    places = list(client.memberships.filter(left_at=None, person__in=mine).select_related("person")) if client.is_unit else []
    return {
        "places": places,
        "unseen": client.memberships.filter(left_at=None).count() - len(places) if client.is_unit else 0,
        "units": [] if client.is_unit else list(access.readable_clients(request.user).filter(**here).distinct()),
    }


def _agreed(request: HttpRequest, unit: Client) -> dict[str, Any]:
    """What the members agreed: that in force, and the others with when they held or will hold."""
    agreement = access.agreement_in_force(request.user, unit)
    every = list(access.agreements(request.user, unit))
    return {"agreement": agreement, "agreements": [each for each in every if each != agreement]}


def _team(client: Client) -> list[dict[str, Any]]:
    return [{"name": grant.user.name, "role": grant.role_word, "until": grant.until} for grant in access.care_team(client)]


@reads(access.readable_clients)
@under_kept(access.readable_clients)
def client_detail(request: HttpRequest, client: Client) -> HttpResponse:
    """The overview, for the care team; with it, what is known of the same person under other codes."""
    rows = rows_of(request, client, access.readable_clients)
    context = {"head": header.of(request, client, "client_detail"), "client": client, "team": _team(client)}
    context |= {"age": _age(client), "ended": client.status in ENDED, "beside": [line(request.user, client) for line in beside]}
    context |= {"steps": access.status_steps(request.user).filter(client__in=rows)[:STEPS_SHOWN]}
    context |= {"merged": _merged(request, client), "may_merge": access.mergeable_clients(request.user).filter(pk=client.pk).exists()}
    if client.is_unit:
        context |= _agreed(request, client)
    return render(request, "clients/client_detail.html", context | _people(request, client, rows))


def _merged(request: HttpRequest, client: Client) -> list[dict[str, Any]]:
    """The rows shown as ``client``: each with its merge, and whether the reader may take it back."""
    rows = list(access.merges(access.readable_clients, request.user).filter(kept=client.pk))
    mine = set(access.merges(access.mergeable_clients, request.user).filter(kept=client.pk).values_list("pk", flat=True)) if rows else set()
    return [{"row": row, "client": row.duplicate, "age": _age(row.duplicate), "may_undo": row.pk in mine} for row in rows]


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
