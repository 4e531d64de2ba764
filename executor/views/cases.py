"""The limited list, and one client of it: told, written to, the record opened."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from audit.doors import changes, shown
from clients.access import readable_clients
from clients.reaching import GROUNDS
from clients.views import again, me
from executor import access, actions, listing
from executor.forms.activations import ReasonForm, TellForm, WriteForm
from executor.models import Activation, Case, Plan
from messaging.models import Outgoing
from practice.factors import reauthenticated
from practice.refusals import Refused

_BY_HAND = ("voice", "post")  # a machine does not call; a letter is written by whoever knows them


@changes(access.acting)
def case_list(request: HttpRequest, row: Activation) -> HttpResponse:
    """The limited list. It is made when it is opened for the first time, and brought up to date by the same button."""
    if request.method == "POST":
        found = actions.open_list(row, by=me(request))
        messages.success(request, f"{found} came onto the list." if found else "Nobody new came onto the list.")
        return redirect("case_list", pk=row.pk)
    lines = listing.lines(row, access.open_cases(request.user).filter(activation=row.pk).defer("words"), by=request.user)
    shown([line.case.client_id for line in lines], within=row)
    context = {"row": row, "lines": lines, "told": sum(bool(line.case.told) for line in lines), "plan": row.plan}
    return again(request, "executor/case_list.html", context)


def _page(request: HttpRequest, case: Case, refusal: Refused | None = None, **forms: Form) -> HttpResponse:
    """One client: what is known, and the three forms; the one that was sent keeps what was typed."""
    plan, kept = case.activation.plan, {"told": case.told, "onward": case.onward, "wish": case.wish, "words": case.words or ""}
    line = listing.lines(case.activation, [case], by=request.user)[0]
    offered = _offered(line)
    context: dict[str, Any] = {
        "case": case, "line": line, "plan": plan, "refusal": refusal,
        "tell": forms.get("tell") or TellForm(initial=kept),
        "write": (forms.get("write") or WriteForm(offered=offered)) if offered else None,
        "open": (forms.get("open") or ReasonForm()) if Plan.Opens.RECORD in plan.opens else None,
        "readable": readable_clients(request.user).filter(pk=case.client_id).exists(),
    }  # fmt: skip
    shown([case.client_id])
    return again(request, "executor/case_edit.html", context)


def _offered(line: listing.Line) -> dict[str, str]:
    return {way.channel.value: str(way.channel.label).capitalize() for way in line.open_ways if way.channel not in _BY_HAND}


@changes(access.open_cases)
def case_edit(request: HttpRequest, case: Case) -> HttpResponse:
    """One client: whether they were told, where they go, what they want with the record."""
    if request.method != "POST":
        return _page(request, case)
    form = TellForm(request.POST)
    if not form.is_valid():
        return _page(request, case, tell=form)
    try:
        actions.tell(case, form.telling(), by=me(request))
    except Refused as refused:
        return _page(request, case, refused, tell=form)
    messages.success(request, "Kept.")
    return redirect("case_list", pk=case.activation_id)


@changes(access.open_cases)
def case_notice(request: HttpRequest, case: Case) -> HttpResponse:
    """Ask the client to call, in words that tell nothing."""
    offered = _offered(listing.lines(case.activation, [case], by=request.user)[0])
    form = WriteForm(request.POST if request.method == "POST" else None, offered=offered)
    if not form.is_valid():
        return _page(request, case, write=form)
    try:
        sent = actions.write_to(case, form.cleaned_data["channel"], by=me(request))
    except Refused as refused:
        return _page(request, case, refused, write=form)
    if sent.state != Outgoing.State.HANDED:
        rule, said, todo = GROUNDS[sent.ground]
        messages.warning(request, f"It did not leave: {said} {todo} ({rule})")
    else:
        messages.success(request, "It goes out, and says only that they should call.")
    return redirect("case_edit", pk=case.pk)


@changes(access.open_cases)
@reauthenticated
def case_open(request: HttpRequest, case: Case) -> HttpResponse:
    """Open this client's record, where the plan allows it."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, case, open=form)
    try:
        actions.open_record(case, form.cleaned_data["reason"], by=me(request))
    except Refused as refused:
        return _page(request, case, refused, open=form)
    messages.success(request, "The record is open to you until your time is over. Each opening is on the trail.")
    return redirect("client_detail", pk=case.client_id)
