"""Moving out: asking for a bundle, the second person's answer, how far it is, and fetching it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from audit.doors import changes, continued, lists, reads, shown
from clients import header
from clients.access import counseled_clients
from clients.models import Client
from clients.paging import page_of
from clients.views import again, me
from moving import access, actions
from moving.forms.out import ClientForm, PracticeForm
from moving.models import MoveOut, MoveOutPart
from practice.factors import reauthenticated
from practice.models import Practice
from practice.refusals import Refused
from records.access import unsigned_drafts

ORDER = ("-asked_at", "-pk")


@lists(access.moves)
def move_list(request: HttpRequest, rows: QuerySet[MoveOut]) -> HttpResponse:
    """Every bundle that one asked for, may decide on, or that an admin keeps an eye on."""
    page = page_of(rows.defer("reason"), order=ORDER, newer=request.GET.get("newer", ""), older=request.GET.get("older", ""))
    shown([row.client_id for row in page.rows if row.client_id])
    return render(request, "moving/move_list.html", {
        "page": page, "practice": access.movable_practice(request.user).first(), "brings": access.bringing_practice(request.user).exists(),
    })  # fmt: skip


@changes(access.movable_clients)
@reauthenticated
def client_move(request: HttpRequest, client: Client) -> HttpResponse:
    """Ask for a bundle of one client's record. A second person approves; asks for a fresh confirmation first."""
    counsels = counseled_clients(request.user).filter(pk=client.pk).exists()
    form, refusal = ClientForm(request.POST if request.method == "POST" else None, client=client, counsels=counsels), None
    if form.is_valid():
        try:
            return _asked(request, actions.ask(form.wish(), client=client, by=me(request)))
        except Refused as refused:
            refusal = refused
    context: dict[str, Any] = {"head": header.of(request, client, "client_team"), "client": client, "form": form, "refusal": refusal}
    context["drafts"] = unsigned_drafts(request.user).filter(client=client.pk).count()
    return again(request, "moving/client_move.html", context)


@changes(access.movable_practice)
@reauthenticated
def practice_move(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Ask for a bundle of the whole practice. Another admin approves; asks for a fresh confirmation first."""
    form, refusal = PracticeForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            return _asked(request, actions.ask(form.wish(), by=me(request)))
        except Refused as refused:
            refusal = refused
    return again(request, "moving/practice_move.html", {"form": form, "refusal": refusal})


def _asked(request: HttpRequest, row: MoveOut) -> HttpResponse:
    messages.success(request, "Asked. Nothing is made before somebody else approves it.")
    return redirect("move_detail", pk=row.pk)


@reads(access.moves)
def move_detail(request: HttpRequest, row: MoveOut) -> HttpResponse:
    """One bundle: what was asked, who approved it, how far it is, and the next step for whoever reads it."""
    return _detail(request, row)


def _detail(request: HttpRequest, row: MoveOut, refusal: Refused | None = None) -> HttpResponse:
    may = {
        name: rule(request.user).filter(pk=row.pk).exists()
        for name, rule in (("decides", access.decidable_moves), ("stops", access.stoppable_moves), ("takes", access.takeable_moves))
    }
    parts = access.parts(request.user, row)
    out = list(parts.filter(state__in=[MoveOutPart.State.UNREAD, MoveOutPart.State.BROKEN]))
    shown([part.client_id for part in out if part.client_id])
    made = parts.exclude(state=MoveOutPart.State.WAITING).count()
    return again(request, "moving/move_detail.html", {"row": row, "refusal": refusal, "made": made, "out": out} | may)


@changes(access.decidable_moves)
@reauthenticated
def move_decide(request: HttpRequest, row: MoveOut) -> HttpResponse:
    """The second person's answer. Asks for a fresh confirmation first."""
    if request.method != "POST" or request.POST.get("answer") not in ("yes", "no"):
        return _detail(request, row)
    yes = request.POST["answer"] == "yes"
    try:
        actions.decide(row, yes=yes, by=me(request))
    except Refused as refused:
        return _detail(request, row, refused)
    messages.success(request, "Approved. It is being made." if yes else "Declined. Nothing is made.")
    return redirect("move_detail", pk=row.pk)


@changes(access.stoppable_moves)
def move_stop(request: HttpRequest, row: MoveOut) -> HttpResponse:
    """It is not made, or not fetched any more."""
    if request.method == "POST":
        actions.stop(row, by=me(request))
        messages.success(request, "Stopped. Nobody can fetch it any more.")
    return redirect("move_detail", pk=row.pk)


@changes(access.takeable_moves)
@reauthenticated
def move_take(request: HttpRequest, row: MoveOut) -> HttpResponseBase:
    """Fetch the bundle. Every line of export is written before the first byte; asks for a fresh confirmation first."""
    if request.method != "POST":
        return _detail(request, row)
    pieces = continued(actions.take(row, by=me(request)), model=MoveOut, part="move_take")
    headers = {"Content-Disposition": 'attachment; filename="bundle.zip"'}
    return StreamingHttpResponse(pieces, content_type="application/zip", headers=headers)
