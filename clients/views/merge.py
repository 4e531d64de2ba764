"""Merging two rows of one person, for whoever counsels both: what is shown to whom is said before, and it can be undone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from audit.doors import changes
from clients import access, actions, header, search
from clients.actions.merge import reaches
from clients.forms.fields import ConfirmedForm
from clients.forms.merge import MergeForm, OtherForm
from clients.forms.person import SearchForm
from clients.models import Client
from practice.factors import reauthenticated
from practice.refusals import Refused

from . import again, me
from .lists import UNSHOWN

MOST = 25


def _others(request: HttpRequest, client: Client) -> QuerySet[Client]:
    """Whom ``client`` could be merged with: persons that the asker counsels as well, and that are in no merge yet."""
    mine = access.unmerged(access.mergeable_clients(request.user), access.mergeable_clients, request.user)
    return mine.filter(merged=None).exclude(pk=client.pk).defer(*UNSHOWN)


def _alike(client: Client, others: QuerySet[Client]) -> list[Client]:
    """Those of ``others`` with the same names, date of birth, phone or mail."""
    points = [(point.kind, point.address) for point in client.contact_points.all()]
    names = {name: getattr(client, name) for name in ("given_name", "family_name", "preferred_name", "born_on")}
    return list(search.duplicates(others, **names, addresses=points)[:MOST])


def _choose(request: HttpRequest, client: Client, refusal: Refused | None = None) -> HttpResponse:
    """Search for the duplicate; what looks like one is offered at once."""
    others = _others(request, client)
    form = SearchForm(request.POST if "words" in request.POST else None)
    words = form.cleaned_data["words"] if form.is_bound and form.is_valid() else ""
    found = list(search.among(others, words)[:MOST]) if words else []
    context = {"head": header.of(request, client), "form": form, "found": found, "searched": form.is_bound, "refusal": refusal}
    return again(request, "clients/client_merge.html", context | {"alike": [] if form.is_bound else _alike(client, others)})


@changes(access.mergeable_clients)
@reauthenticated
def client_merge(request: HttpRequest, client: Client) -> HttpResponse:
    """Show another row under this client: choose it, see who opens what afterwards, type its code."""
    chosen = OtherForm(request.POST if "other" in request.POST else None, clients=_others(request, client))
    if not chosen.is_bound:
        return _choose(request, client)
    if not chosen.is_valid():
        return _choose(
            request, client, Refused("", "That client could not be merged.", "Look for them again: both must be yours, and in no merge.")
        )
    other: Client = chosen.cleaned_data["other"]
    form = MergeForm(request.POST if "confirm" in request.POST else None, client=other)
    if not form.is_valid():
        return _compare(request, client, other, form)
    try:
        actions.merge(other, client, by=me(request))
    except Refused as refusal:
        return _compare(request, client, other, form, refusal)
    messages.success(request, "Merged. Both are shown here from now on.")
    return redirect("client_detail", pk=client.pk)


def _compare(request: HttpRequest, client: Client, other: Client, form: MergeForm, refusal: Refused | None = None) -> HttpResponse:
    context: dict[str, Any] = {"head": header.of(request, client), "client": client, "other": other, "form": form, "refusal": refusal}
    context |= {"people": reaches(other, client, by=me(request)), "portal": access.in_portal(other).exists()}
    return again(request, "clients/client_merge.html", context)


@changes(access.mergeable_clients)
@reauthenticated
def merge_undo(request: HttpRequest, client: Client, duplicate: UUID) -> HttpResponse:
    """Show the two apart again."""
    row = get_object_or_404(access.merges(access.mergeable_clients, request.user).filter(kept=client.pk), pk=duplicate)
    form = ConfirmedForm(request.POST if request.method == "POST" else None, client=row.duplicate)
    context: dict[str, Any] = {"head": header.of(request, client), "row": row, "form": form}
    if not form.is_valid():
        return again(request, "clients/merge_undo.html", context)
    try:
        actions.undo_merge(row, by=me(request))
    except Refused as refusal:
        return again(request, "clients/merge_undo.html", context | {"refusal": refusal})
    messages.success(request, "Shown apart again.")
    return redirect("client_detail", pk=client.pk)
