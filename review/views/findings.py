"""Signals: what the rules noticed, what colleagues say, what was found, and the month signed off (REV-1)."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit import clock, trail
from audit.doors import changes, lists, shown
from clients import history
from clients.paging import page_of
from clients.views import again, me
from practice.access import governed_practice
from practice.models import Practice
from practice.refusals import Refused
from review import access, actions
from review.forms.findings import DecideForm, ExplainForm, MonthForm
from review.models import Signal
from review.rules import rules

from .attention import UNSHOWN


def _told(signal: Signal) -> Signal:
    """``signal`` with its rule, in words."""
    signal.told = rules().get(signal.rule)  # type: ignore[attr-defined]  # for the template
    return signal


@lists(access.signals, within=governed_practice)
def signal_list(request: HttpRequest, practice: Practice, signals: QuerySet[Signal]) -> HttpResponse:
    """What waits for a decision, the oldest first; what was decided; and the months, to sign and signed."""
    newer, older = request.POST.get("newer", ""), request.POST.get("older", "")
    waiting = list(access.open_signals(request.user).defer(*UNSHOWN)[:100])
    page = page_of(signals.filter(decided_at__isnull=False).defer(*UNSHOWN), order=("-line_at", "-pk"), newer=newer, older=older)
    shown([row.client_id for row in [*waiting, *page.rows] if row.client_id])
    context = {"waiting": [_told(row) for row in waiting], "page": page, "decided": [_told(row) for row in page.rows]}
    context |= {"months": _months(request, signals), "rules": rules().values()}
    return render(request, "review/signal_list.html", context)


def _months(request: HttpRequest, signals: QuerySet[Signal]) -> list[dict[str, object]]:
    """The last twelve months that are over: how many signals, how many open, and who signed."""
    counted = signals.order_by().annotate(month=TruncMonth("day")).values("month")
    counts = {row["month"]: row for row in counted.annotate(every=Count("pk"), open=Count("pk", filter=Q(decided_at=None)))}
    signed = {month.begins: month for month in access.months(request.user)[:12]}
    begins = clock.today().replace(day=1)
    found: list[dict[str, object]] = []
    for _ in range(12):
        begins = (begins - datetime.timedelta(days=1)).replace(day=1)
        if begins in counts or begins in signed or not found:
            here = counts.get(begins)
            told = {"every": here["every"], "open": here["open"]} if here else {"every": 0, "open": 0}
            found.append({"begins": begins, "signed": signed.get(begins), **told})
    return found


@changes(governed_practice)
def month_sign(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Sign that a month was reviewed."""
    form = MonthForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.sign_month(form.cleaned_data["begins"], by=me(request))
        messages.success(request, "Signed.")
    return redirect("signal_list")


@changes(access.open_signals)
def signal_decide(request: HttpRequest, signal: Signal) -> HttpResponse:
    """One signal: the rule and its reason, the lines of that day, what the colleague says, and the finding."""
    form, refusal = DecideForm(request.POST if "outcome" in request.POST or "finding" in request.POST else None), None
    if request.method == "POST" and "ask" in request.POST:
        actions.ask_to_explain(signal, by=me(request))
        messages.success(request, "Asked. Their answer stands here when it is there.")
        return redirect("signal_decide", pk=signal.pk)
    if form.is_valid():
        try:
            actions.decide(signal, by=me(request), **form.cleaned_data)
            messages.success(request, "Decided. What you found is final.")
            return redirect("signal_list")
        except Refused as refused:
            refusal = refused
    reply = access.reply_to(signal)
    context = {"signal": _told(signal), "form": form, "refusal": refusal, "lines": _lines(signal), "reply": reply}
    return again(request, "review/signal_decide.html", context)


def _lines(signal: Signal) -> list[history.Folded]:
    """What that person did with that client (or at all) within an hour of it."""
    hour = datetime.timedelta(hours=1)
    lines = trail.lines().filter(actor_id=signal.person_id, at__range=(signal.line_at - hour, signal.line_at + hour))
    return history.fold((lines.filter(client_id=signal.client_id) if signal.client_id else lines)[:200])


@changes(access.signals_to_explain)
def signal_explain(request: HttpRequest, signal: Signal) -> HttpResponse:
    """A colleague says what they needed there."""
    form = ExplainForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.explain(signal, form.cleaned_data["words"], by=me(request))
        messages.success(request, "Thank you. Whoever asked reads it now.")
        return redirect("home")
    return again(request, "review/signal_explain.html", {"signal": _told(signal), "form": form})
