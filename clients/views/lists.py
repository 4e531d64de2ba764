"""Finding a client: one's own caseload, the search in the header, and the admins' list of codes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit.doors import lists, shown
from clients import access, header, search
from clients.forms.person import SearchForm
from clients.models import Client, Codename
from clients.models.team import CLINICAL
from clients.paging import page_of
from practice.access import governed_practice, intake_practice, staffed_practice
from practice.models import Practice
from practice.roles import Role

from . import again, me

ORDER = ("-recent_at", "pk")
MOST = 50  # results of a search shown at once; whoever gets more types another letter
UNSHOWN = ("born_on", "languages", "emergency")


def _rows(clients: list[Client]) -> list[dict[str, Any]]:
    return [{"client": client, "state": header.state(client)} for client in clients]


def _listable(request: HttpRequest, clients: QuerySet[Client]) -> QuerySet[Client]:
    """With a mark where a click may lead to the overview; elsewhere it leads to the contacts."""
    return clients.annotate(in_team=access.granted(request.user, CLINICAL)).defer(*UNSHOWN)


def _urls(request: HttpRequest, **keys: str) -> dict[str, str]:
    return {f"{name}_url": f"{request.path}?{urlencode({name: key})}" if key else "" for name, key in keys.items()}


def _unmerged(request: HttpRequest, clients: QuerySet[Client]) -> QuerySet[Client]:
    return access.unmerged(clients, access.contact_clients, request.user)


def _search(request: HttpRequest, clients: QuerySet[Client], words: str, *, archived: bool) -> dict[str, Any]:
    """Who is found by their own row, and then by one that is shown under theirs, whatever became of that one."""
    listed = _unmerged(request, clients if archived else clients.exclude(status=Client.Status.ARCHIVED))
    found = list(search.among(_listable(request, listed), words)[: MOST + 1])
    merges = access.merges(access.contact_clients, request.user).filter(duplicate__in=search.among(clients, words).order_by())
    if kept := set(merges.values_list("kept", flat=True)[: MOST + 1]) - {client.pk for client in found}:
        found += _listable(request, listed.filter(pk__in=kept))
    return {"rows": _rows(found[:MOST]), "more": len(found) > MOST, "searched": True}


def _frame(request: HttpRequest) -> dict[str, Any]:
    user = me(request)
    everybody = user.holds(Role.DESK)
    return {"everybody": everybody, "takes_in": intake_practice(user).exists(), "governs": user.holds(Role.ADMIN)}


def _browse(request: HttpRequest, clients: QuerySet[Client]) -> dict[str, Any]:
    clients = _unmerged(request, clients.exclude(status=Client.Status.ARCHIVED))
    page = page_of(_listable(request, clients), order=ORDER, newer=request.GET.get("newer", ""), older=request.GET.get("older", ""))
    return {"rows": _rows(page.rows), **_urls(request, newer=page.newer, older=page.older)}


def _list(request: HttpRequest, clients: QuerySet[Client]) -> HttpResponse:
    form = SearchForm(request.POST if request.method == "POST" else None)
    context = {"form": form} | _frame(request)
    if form.is_bound and not form.is_valid():
        return again(request, "clients/client_list.html", context | {"rows": [], "searched": True})
    words = form.cleaned_data["words"].strip() if form.is_bound else ""
    found = _search(request, clients, words, archived=form.cleaned_data["archived"]) if words else _browse(request, clients)
    return render(request, "clients/client_list.html", context | found)


@lists(access.contact_clients, within=staffed_practice)
def client_list(request: HttpRequest, practice: Practice, clients: QuerySet[Client]) -> HttpResponse:
    """One's caseload, the latest first; the front desk's is everybody. POST searches in it."""
    return _list(request, clients)


@lists(access.contact_clients, within=staffed_practice)
def client_search(request: HttpRequest, practice: Practice, clients: QuerySet[Client]) -> HttpResponse:
    """The search in the header: the same list, and nothing for those who may not see."""
    return _list(request, clients)


def _codes(clients: QuerySet[Client]) -> QuerySet[Client]:
    team = access.live_grants([Codename.COUNSEL]).select_related("user").order_by("since")
    return clients.prefetch_related(Prefetch("grants", team, to_attr="counselors")).only("code", "kind", "status", "since", "recent_at")


@lists(access.governed_clients, within=governed_practice)
def client_codes(request: HttpRequest, practice: Practice, clients: QuerySet[Client]) -> HttpResponse:
    """Every client by code, with who counsels them: for keeping care teams. No names: their key is out of reach here."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "unassigned": "unassigned" in request.GET}
    if form.is_bound and not form.is_valid():
        return again(request, "clients/client_codes.html", context | {"rows": [], "searched": True})
    clients = access.unmerged(clients, access.governed_clients, request.user)
    if form.is_bound and (typed := form.cleaned_data["words"].strip().casefold()):
        clients = access.by_code(clients, typed, access.governed_clients, request.user)
    if context["unassigned"]:
        clients = clients.exclude(_counseled())
    page = page_of(_codes(clients), order=ORDER, newer=request.GET.get("newer", ""), older=request.GET.get("older", ""))
    shown(page.rows)
    urls = _code_urls(request, page.newer, page.older)
    return render(request, "clients/client_codes.html", context | {"rows": _rows(page.rows), "searched": form.is_bound, **urls})


def _counseled() -> Exists:
    return Exists(access.live_grants([Codename.COUNSEL]).filter(content_object=OuterRef("pk")))


def _code_urls(request: HttpRequest, newer: str, older: str) -> dict[str, str]:
    if request.method == "POST":  # what was typed stands in no address: type more of the code instead
        return {}
    kept = {"unassigned": "1"} if "unassigned" in request.GET else {}
    return {
        f"{name}_url": f"{request.path}?{urlencode(kept | {name: key})}" if key else ""
        for name, key in (("newer", newer), ("older", older))
    }
