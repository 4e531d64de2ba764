"""De-identified views: made and answered for by the counselor, read by the colleague."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes, lists, reads
from clients import header
from clients.access import counseled_clients
from clients.models import Client
from clients.views import again, me
from practice.refusals import Refused
from supervision import access, actions, law, serving
from supervision.deidentify import Finding
from supervision.forms.consultations import AnswerForm
from supervision.forms.deidentified import AskForm, SettleForm
from supervision.models import DeidentifiedView


@lists(access.own_views, within=counseled_clients)
def view_list(request: HttpRequest, client: Client, rows: QuerySet[DeidentifiedView]) -> HttpResponse:
    """The views one made of this client: in preparation, standing, over."""
    found = rows.filter(client=client.pk).defer("question", "pseudonym", "texts", "work")
    return render(
        request, "supervision/view_list.html", {"head": header.of(request, client, "session_list"), "client": client, "rows": found}
    )


@changes(counseled_clients)
def view_new(request: HttpRequest, client: Client) -> HttpResponse:
    """Choose notes, a colleague and a question; nobody reads anything yet."""
    notes = access.viewable_notes(request.user, client).defer("content")
    posted = request.POST if request.method == "POST" else None
    form, refusal = (
        AskForm(posted, people=access.colleagues(request.user, client), notes=notes, about=serving.choices(me(request), client)),
        None,
    )
    if form.is_valid():
        try:
            return redirect("view_prepare", pk=actions.begin(client, form.asked(), by=me(request)).pk)
        except Refused as refused:
            refusal = refused
    context = {"head": header.of(request, client, "session_list"), "form": form, "refusal": refusal, "client": client}
    return again(request, "supervision/view_new.html", context)


@changes(access.own_drafts)
def view_prepare(request: HttpRequest, row: DeidentifiedView) -> HttpResponse:
    """Answer for each place that looks like an identifier. What is below is exactly what the colleague will read."""
    found = actions.findings(row, me(request))
    form = SettleForm(request.POST if request.method == "POST" else None, found=found)
    if request.method != "POST":
        return _prepare(request, row, form)
    if request.POST.get("version") != str(row.version):
        return _prepare(request, row, *_stale(request, found))
    if not form.is_valid():
        return _prepare(request, row, form)
    try:
        actions.settle(row, form.settled(), form.also_replaced(), by=me(request))
    except Refused as refused:
        return _prepare(request, row, form, refused)
    return redirect("view_prepare", pk=row.pk)


def _stale(request: HttpRequest, found: Sequence[tuple[int, Finding]]) -> tuple[SettleForm, Refused]:
    """The places as they are now. An answer may not fit another place: what was typed is shown, to be taken over by hand."""
    kept = {name: request.POST.get(name, "")[:200] for name in ("also", "also_with")}
    ready = {finding.kind.instead for _, finding in found} | {""}
    typed = [str(value)[:200] for name, value in request.POST.items() if name.startswith("words_") and value not in ready]
    todo = "Look at the places below, as they are now." + (f" You had typed: {'; '.join(typed[:50])}" if typed else "")
    return SettleForm(None, found=found, initial=kept), Refused("", "The text was changed in another window.", todo)


def _prepare(request: HttpRequest, row: DeidentifiedView, form: SettleForm | None, refusal: Refused | None = None) -> HttpResponse:
    found = list(enumerate(actions.findings(row, me(request)), 1))
    of = {at: [(number, place) for number, (part, place) in found if part == at] for at in range(-1, len(row.parts))}
    context: dict[str, Any] = {
        "row": row, "form": form or SettleForm(None, found=actions.findings(row, me(request))), "refusal": refusal, "left": len(found),
        "question": actions.marked(row.question, of[-1]), "limits": law.limits(),
        "parts": [part | {"pieces": actions.marked(part["text"], of[at])} for at, part in enumerate(row.parts)],
        "kept": row.work.get("kept", []), "identifiers": law.identifiers().values(),
    }  # fmt: skip
    return again(request, "supervision/view_prepare.html", context)


@changes(access.own_drafts)
def view_share(request: HttpRequest, row: DeidentifiedView) -> HttpResponse:
    """Let the colleague read it."""
    if request.method != "POST":
        return redirect("view_prepare", pk=row.pk)
    try:
        consultation = actions.share(row, by=me(request))
    except Refused as refused:
        return _prepare(request, row, None, refused)
    messages.success(request, "Shared. It ends by itself." if row.colleague else "Ready. Make the page on which they read it.")
    return redirect("consultation_detail", pk=consultation.pk)


@changes(access.own_views)
def view_end(request: HttpRequest, row: DeidentifiedView) -> HttpResponse:
    """End it now, or put a draft away."""
    if request.method == "POST" and not row.is_over:
        actions.end(row, by=me(request))
        messages.success(request, "Ended. Nobody reads it any more.")
    return redirect("view_list", pk=row.client_id)


@reads(access.shared_views)
def view_read(request: HttpRequest, row: DeidentifiedView) -> HttpResponse:
    """What a colleague was asked: a question and some notes under another name. Nothing of it can be saved, printed or followed."""
    form = AnswerForm() if access.advisable_views(request.user).filter(pk=row.pk).exists() else None
    response = render(request, "supervision/view_read.html", {"row": row, "form": form, "given": access.own_advice(request.user, row)})
    response["Cache-Control"] = "no-store"
    return response
