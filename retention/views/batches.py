"""A batch: its page, the second person's yes, and taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes, reads, shown
from clients.views import again, me
from practice.factors import reauthenticated
from practice.refusals import Refused
from retention import access, actions, blocks
from retention.forms.batches import ApproveForm, TakeBackForm
from retention.models import UNDO_DAYS, Batch, Item

from .holds import done


def _items(batch: Batch, **which: Any) -> list[Item]:
    rows = batch.items.filter(**which).select_related("ended_by", "certificate").defer("certificate__told").order_by("code")
    items = list(rows)
    shown([item.client_id for item in items], within=batch)
    return items


def _paper(batch: Batch) -> list[str]:
    """The paper that goes with what still waits, by label."""
    return blocks.labels(list(batch.items.filter(state=Item.State.WAITING).values_list("client", flat=True)))


@reads(access.batches)
def batch_detail(request: HttpRequest, batch: Batch) -> HttpResponse:
    """What was proposed, who approves, until when it can be taken back, and what came of each record."""
    mine = me(request).pk in (batch.asked_id, batch.proposed_by_id)
    context = {
        "batch": batch, "items": _items(batch), "days": UNDO_DAYS, "mine": mine, "paper": _paper(batch),
        "approves": access.approvable_batches(request.user).filter(pk=batch.pk).exists(),
        "undoes": access.undoable_batches(request.user).filter(pk=batch.pk).exists(),
    }  # fmt: skip
    return render(request, "retention/batch_detail.html", context)


@changes(access.approvable_batches)
@reauthenticated
def batch_approve(request: HttpRequest, batch: Batch) -> HttpResponse:
    """The second person's yes, with the code of each."""
    items, refusal = _items(batch, state=Item.State.WAITING), None
    form = ApproveForm(request.POST if request.method == "POST" else None, items=items, outside=batch.outside)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.approve(batch, form.typed(), by=me(request), witness=data.get("witness", ""), vendor=data["vendor"])
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, f"Approved. In {UNDO_DAYS} days it is destroyed, unless one of you takes it back.")
            return redirect("batch_detail", pk=batch.pk)
    return again(
        request, "retention/batch_approve.html", {"batch": batch, "items": items, "form": form, "refusal": refusal, "days": UNDO_DAYS}
    )


@changes(access.undoable_batches)
def batch_undo(request: HttpRequest, batch: Batch) -> HttpResponse:
    """Take some or all of it back."""
    items = _items(batch, state=Item.State.WAITING)
    form = TakeBackForm(request.POST if request.method == "POST" else None, items=items)
    refusal = done(lambda: actions.take_back(batch, form.chosen(), form.cleaned_data["why"], by=me(request))) if form.is_valid() else None
    if form.is_bound and form.is_valid() and refusal is None:
        messages.success(request, "Taken back. The record stays as it was.")
        return redirect("batch_detail", pk=batch.pk)
    return again(request, "retention/batch_undo.html", {"batch": batch, "form": form, "refusal": refusal})
