"""Which records may be destroyed, which are put off, and the proposal."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit import clock
from audit.doors import changes, lists, shown
from clients.models import Client
from clients.paging import page_of
from clients.views import again, me
from practice.factors import reauthenticated
from practice.models import Practice
from practice.refusals import Refused
from retention import access, actions, blocks
from retention.forms.batches import ProposeForm, SnoozeForm
from retention.models import Standing

from .holds import done

ORDER = ("-looked_at", "-pk")
MOST = 20  # records in a batch


def _today() -> datetime.date:
    return clock.today()


def _rows(standings: list[Standing]) -> list[dict[str, Any]]:
    """Each with its arithmetic and what stands against it: one statement for all of them."""
    found = blocks.of({row.client_id: row.client.code for row in standings})
    shown([row.client_id for row in standings])
    return [
        {"row": row, "client": row.client, "said": row.said, "blocks": found[row.client_id],
         "until": datetime.date.fromisoformat(row.said["until"])}
        for row in standings
    ]  # fmt: skip


@lists(access.eligible, within=access.proposing_practice)
def eligible_list(request: HttpRequest, practice: Practice, rows: QuerySet[Standing]) -> HttpResponse:
    """By code: until when it was kept, how that was counted, what stands against destroying it."""
    later = "later" in request.GET
    asleep = Q(snoozed__gt=_today()) if later else Q(snoozed=None) | Q(snoozed__lte=_today())
    page = page_of(rows.filter(asleep), order=ORDER, newer=request.GET.get("newer", ""), older=request.GET.get("older", ""))
    kept = "&later=1" if later else ""
    unborn = list(access.unborn_clients(request.user).only("version", "code", "status")[:MOST])
    shown([client.pk for client in unborn])
    found = _rows(page.rows)
    context: dict[str, Any] = {
        "rows": found, "ticks": not later and not all(each["blocks"] for each in found), "later": later,
        "batches": access.batches(request.user).defer("witness", "vendor").prefetch_related("items")[:10],
        "newer_url": f"?newer={page.newer}{kept}" if page.newer else "", "older_url": f"?older={page.older}{kept}" if page.older else "",
        "certificates": access.certificates(request.user).exists(),
        "unborn": unborn,
    }  # fmt: skip
    return render(request, "retention/eligible_list.html", context)


@changes(access.eligible_clients)
def snooze_new(request: HttpRequest, client: Client) -> HttpResponse:
    """Do not ask about this one before a day."""
    form = SnoozeForm(request.POST if request.method == "POST" else None)
    refusal = done(lambda: _snooze(client, form, request)) if form.is_valid() else None
    if form.is_bound and form.is_valid() and refusal is None:
        messages.success(request, "Put off. It stands under “Put off” until then.")
        return redirect("eligible_list")
    context = {"client": client, "form": form, "refusal": refusal, "snoozes": client.snoozes.select_related("by").order_by("-at")}
    return again(request, "retention/snooze_new.html", context)


def _snooze(client: Client, form: SnoozeForm, request: HttpRequest) -> None:
    actions.snooze(client, form.cleaned_data["until"], form.cleaned_data["reason"], by=me(request))


def _chosen(request: HttpRequest) -> list[Standing]:
    """The records that were ticked, of those the reader may propose."""
    asked = request.POST.getlist("row") if request.method == "POST" else request.GET.getlist("row")
    idents = [ident for each in asked[:MOST] if (ident := _uuid(each))]
    return list(access.eligible(request.user).filter(pk__in=idents))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@changes(access.proposing_practice)
@reauthenticated
def batch_new(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Propose to destroy what was ticked: the code of each is typed, and a second person asked."""
    rows, refusal = _chosen(request), None
    form = ProposeForm(request.POST if request.method == "POST" else None, rows=rows, people=actions.others(me(request)))
    if form.is_valid():
        data = form.cleaned_data
        said = actions.Proposal(rows, form.typed(), data["method"], data.get("asked"))
        try:
            batch = actions.propose(said, by=me(request))
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, "Proposed. Nothing happens until it is approved.")
            return redirect("batch_detail", pk=batch.pk)
    shown([row.client_id for row in rows])
    return again(
        request, "retention/batch_new.html", {"form": form, "refusal": refusal, "rows": _rows(rows), "alone": "asked" not in form.fields}
    )
