"""The care team: who may open the record, as what, since when and why; and who never may."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from audit.doors import changes, reads
from clients import access, actions, header, history
from clients.forms.fields import ConfirmedForm
from clients.forms.team import DenyForm, StaffForm
from clients.models import Client, Codename
from clients.scope import handable_clients
from practice.models import User
from practice.refusals import Refused
from practice.roles import Role

from . import again, me


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _head(request: HttpRequest, client: Client) -> dict[str, Any]:
    return {"head": header.of(request, client, "client_team")}


def _back(request: HttpRequest, client: Client, said: str) -> HttpResponse:
    """To the team page, or to one's list for whoever gave away their own access."""
    messages.success(request, said)
    if access.watched_clients(request.user).filter(pk=client.pk).exists():
        return redirect("client_team", pk=client.pk)
    return redirect("client_list")


def _offered(request: HttpRequest, client: Client, people: QuerySet[User], *, but: Iterable[UUID]) -> QuerySet[User]:
    """``people`` who are on no deny list of this person, and not among ``but``."""
    rows = access.whole([client.pk], access.assignable_clients, request.user)
    return people.exclude(pk__in=list(but)).exclude(denials__client__in=rows)


def _holders(client: Client, codename: Codename) -> list[UUID]:
    grants = access.live_grants([codename]).filter(content_object=client)
    return list(grants.values_list("user", flat=True))


@reads(access.watched_clients)
def client_team(request: HttpRequest, client: Client) -> HttpResponse:
    """Who is on the care team, the deny list for those who keep it, and how the team changed."""
    context = _head(request, client)
    denials = access.kept_denials(request.user).filter(client=client).select_related("user", "denied_by")
    team = access.care_team(client).select_related("user", "permission", "granted_by")
    context |= {"team": team, "denials": denials, "story": history.team_story(client)}
    context |= {"hands_on": handable_clients(request.user).filter(pk=client.pk).exists(), "admin": me(request).holds(Role.ADMIN)}
    both = access.merges(access.watched_clients, request.user).select_related("kept")
    context |= {"merged": both.filter(kept=client.pk), "kept": both.filter(duplicate=client.pk).first()}
    return render(request, "clients/client_team.html", context)


@changes(access.assignable_clients)
def client_assign(request: HttpRequest, client: Client) -> HttpResponse:
    """Another counselor beside those there are; their supervisor comes with them."""
    people = _offered(request, client, access.counselors(), but=[me(request).pk, *_holders(client, Codename.COUNSEL)])
    form = StaffForm(_sent(request), people=people, label="Counselor")
    if not form.is_valid():
        return again(request, "clients/client_assign.html", _head(request, client) | {"form": form})
    try:
        actions.assign(client, form.cleaned_data["person"], by=me(request))
    except Refused as refused:
        return again(request, "clients/client_assign.html", _head(request, client) | {"form": form, "refusal": refused})
    return _back(request, client, "Assigned. They see the client from now on.")


@changes(access.assignable_clients)
def grant_end(request: HttpRequest, client: Client, grant: UUID) -> HttpResponse:
    """End one person's access now."""
    found = get_object_or_404(access.care_team(client), pk=grant)
    counselors = _holders(client, Codename.COUNSEL)
    last = found.permission.codename == Codename.COUNSEL and len(counselors) == 1
    form = ConfirmedForm(_sent(request), client=client)
    if not form.is_valid():
        return again(request, "clients/grant_end.html", _head(request, client) | {"form": form, "grant": found, "last": last})
    actions.end_grant(found, by=me(request))
    return _back(request, client, "Ended. The record is closed to them from now on.")


@changes(access.assignable_clients)
def supervisor_override(request: HttpRequest, client: Client) -> HttpResponse:
    """Another supervisor than the counselor's own, for this client only."""
    there = [*_holders(client, Codename.SUPERVISE), *_holders(client, Codename.COUNSEL)]
    people = _offered(request, client, access.supervisors(), but=[me(request).pk, *there])
    form = StaffForm(_sent(request), people=people, label="Supervisor of this client")
    if not form.is_valid():
        return again(request, "clients/supervisor_override.html", _head(request, client) | {"form": form})
    try:
        actions.override_supervisor(client, form.cleaned_data["person"], by=me(request))
    except Refused as refused:
        return again(request, "clients/supervisor_override.html", _head(request, client) | {"form": form, "refusal": refused})
    return _back(request, client, "Changed. It holds for this client only.")


@changes(access.assignable_clients)
def client_deny(request: HttpRequest, client: Client) -> HttpResponse:
    """Somebody who must never open this record: it beats every grant and every role."""
    form = DenyForm(_sent(request), people=User.objects.staff().exclude(denials__client=client), client=client)
    if not form.is_valid():
        return again(request, "clients/client_deny.html", _head(request, client) | {"form": form})
    actions.deny(client, form.cleaned_data["person"], by=me(request), reason=form.cleaned_data["reason"])
    return _back(request, client, "On the deny list. The record is closed to them, whatever else they hold.")


@changes(access.assignable_clients)
def denial_lift(request: HttpRequest, client: Client, denial: UUID) -> HttpResponse:
    """Take somebody off the deny list."""
    found = get_object_or_404(access.kept_denials(request.user).filter(client=client), pk=denial)
    form: Form = ConfirmedForm(_sent(request), client=client)
    if not form.is_valid():
        return again(request, "clients/denial_lift.html", _head(request, client) | {"form": form, "denial": found})
    actions.lift_denial(found, by=me(request))
    return _back(request, client, "Off the deny list.")
