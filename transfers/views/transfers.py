"""Handing a client on: the offer, its page for each side, and the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from audit import clock
from audit.doors import changes, lists, reads
from clients import header
from clients.access import assignable_clients, care_team, counselors, governed_clients, live_grants, watched_clients, whole
from clients.models import Client, Codename
from clients.scope import handable_clients
from clients.views import again, me
from practice import ownership
from practice.refusals import Refused
from records.access import coming_sessions, unsigned_drafts
from transfers import access, actions, law
from transfers.forms.transfers import DeclineForm, EarlierForm, OfferForm, TellForm
from transfers.models import Transfer

UNSHOWN = ("reason", "told_words", "answer")


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@lists(access.transfers, within=watched_clients)
def transfer_list(request: HttpRequest, client: Client, rows: QuerySet[Transfer]) -> HttpResponse:
    """To whom this client was offered, and what came of it."""
    found = rows.filter(client=client.pk).defer(*UNSHOWN)
    may = handable_clients(request.user).filter(pk=client.pk).exists()
    context = {"head": header.of(request, client, "client_team"), "client": client, "rows": found, "may": may}
    return render(request, "transfers/transfer_list.html", context)


@changes(handable_clients)
def transfer_new(request: HttpRequest, client: Client) -> HttpResponse:
    """Offer the client to a colleague. Nothing opens before they accept."""
    counsels = live_grants([Codename.COUNSEL]).filter(content_object=client).values("user")
    rows = whole([client.pk], assignable_clients, request.user)
    people = counselors().exclude(pk=me(request).pk).exclude(pk__in=counsels).exclude(denials__client__in=rows)
    form, refusal = OfferForm(_posted(request), people=people, today=clock.today()), None
    if form.is_valid():
        try:
            row = actions.offer(client, form.offer(), by=me(request))
            messages.success(request, "Offered. They see the code, the reason and the scope, and answer.")
            return redirect("transfer_detail", pk=row.pk)
        except Refused as refused:
            refusal = refused
    context = {"head": header.of(request, client, "client_team"), "form": form, "refusal": refusal, "losing": care_team(client)}
    context |= {"asked": law.asked(ownership.at(clock.now())), "drafts": unsigned_drafts(me(request)).filter(client=client.pk).count()}
    context |= {"planned": coming_sessions(me(request)).filter(client=client.pk).count()}
    return again(request, "transfers/transfer_new.html", context)


@reads(access.transfers)
def transfer_detail(request: HttpRequest, row: Transfer) -> HttpResponse:
    """One offer: what was asked, whether the client is told, the answer; and the next step for whoever reads it."""
    return _detail(request, row)


def _detail(request: HttpRequest, row: Transfer, refusal: Refused | None = None, forms: dict[str, Form] | None = None) -> HttpResponse:
    told = {"told": row.told, "told_on": row.told_on, "told_how": row.told_how, "told_words": row.told_words}
    context: dict[str, Any] = {
        "row": row, "refusal": refusal, "asked": law.asked(ownership.at(row.asked_at)),
        "tell": TellForm(initial=told), "decline": DeclineForm(),
        "receives": access.offered_transfers(request.user).filter(pk=row.pk).exists(),
        "keeps": access.open_transfers(request.user).filter(pk=row.pk).exists(),
        "watches": watched_clients(request.user).filter(pk=row.client_id).exists(),
    }  # fmt: skip
    return again(request, "transfers/transfer_detail.html", context | (forms or {}))


def _step(request: HttpRequest, row: Transfer, act: Callable[[], object], said: str, **forms: Form) -> HttpResponse:
    if any(not form.is_valid() for form in forms.values()):
        return _detail(request, row, None, forms)
    try:
        act()
    except Refused as refused:
        return _detail(request, row, refused, forms)
    messages.success(request, said)
    return redirect("transfer_detail", pk=row.pk)


@changes(access.open_transfers)
def transfer_tell(request: HttpRequest, row: Transfer) -> HttpResponse:
    """The client is told, agrees, or cannot be told."""
    form = TellForm(_posted(request))
    return _step(request, row, lambda: actions.tell(row, form.telling(), by=me(request)), "Written down.", tell=form)


@changes(access.open_transfers)
def transfer_withdraw(request: HttpRequest, row: Transfer) -> HttpResponse:
    """Take the offer back."""
    if request.method != "POST":
        return redirect("transfer_detail", pk=row.pk)
    return _step(request, row, lambda: actions.withdraw(row, by=me(request)), "Withdrawn. Nothing was opened by it.")


@changes(access.offered_transfers)
def transfer_accept(request: HttpRequest, row: Transfer) -> HttpResponse:
    """Take the client."""
    if request.method != "POST":
        return redirect("transfer_detail", pk=row.pk)
    return _step(request, row, lambda: actions.accept(row, by=me(request)), "The client is yours from now on.")


@changes(access.offered_transfers)
def transfer_decline(request: HttpRequest, row: Transfer) -> HttpResponse:
    """Do not take the client, and say why."""
    form = DeclineForm(_posted(request))
    if request.method != "POST":
        return redirect("transfer_detail", pk=row.pk)
    if not form.is_valid():
        return _detail(request, row, None, {"decline": form})
    try:
        actions.decline(row, form.cleaned_data["why"], by=me(request))
    except Refused as refused:
        return _detail(request, row, refused, {"decline": form})
    messages.success(request, "Declined. Whoever offered the client reads why.")
    return redirect("home")


@changes(governed_clients)
def earlier_open(request: HttpRequest, client: Client, grant: UUID) -> HttpResponse:
    """An admin opens to a counselor what a transfer left shut."""
    found = get_object_or_404(care_team(client).exclude(withheld=[]), pk=grant)
    form, refusal = EarlierForm(_posted(request), client=client), None
    if form.is_valid():
        try:
            actions.open_earlier(found, by=me(request))
            messages.success(request, "They may open the earlier record from now on.")
            return redirect("client_team", pk=client.pk)
        except Refused as refused:
            refusal = refused
    head = header.of(request, client, "client_team")
    return again(request, "transfers/earlier_open.html", {"head": head, "form": form, "refusal": refusal, "grant": found})
