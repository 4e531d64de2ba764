"""A plan is put to use: asked, released by a second person, stopped or ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes, reads, shown
from clients.access import assignable_clients
from clients.views import again, me
from executor import access, actions, law
from executor.forms.activations import AskForm, EndForm
from executor.models import Activation, Part, Plan
from practice.factors import reauthenticated
from practice.refusals import Refused


@changes(access.activatable_plans)
@reauthenticated
def activation_new(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Say that the counselor cannot go on."""
    offered = {part: f"{plan.called(part)}, {Part(part).label}" for part in Part.values if plan.account(part)}
    form, refusal = AskForm(request.POST if request.method == "POST" else None, offered=offered), None
    if form.is_valid():
        try:
            row = actions.ask(plan, form.asking(), by=me(request))
            messages.success(request, "Asked. The counselor is told, and a second person decides.")
            return redirect("activation_detail", pk=row.pk)
        except Refused as refused:
            refusal = refused
    context = {"plan": plan, "form": form, "refusal": refusal, "hours": int(law.WAIT.total_seconds() // 3600), "days": law.LASTS.days}
    return again(request, "executor/activation_new.html", context)


@reads(access.activations)
def activation_detail(request: HttpRequest, row: Activation) -> HttpResponse:
    """Who asked, who released it, until when; and for admins how far it is with each client, by code."""
    user = request.user
    cases = list(access.cases(user).filter(activation=row.pk).defer("words", *_UNNAMED)) if row.released_at else []
    shown([case.client_id for case in cases], within=row)
    keeps = set(assignable_clients(user).filter(pk__in=[case.client_id for case in cases]).order_by().values_list("pk", flat=True))
    context: dict[str, Any] = {
        "row": row, "mine": row.person_id == me(request).pk, "cases": cases, "keeps": keeps,
        "told": sum(bool(case.told) for case in cases),
        "acts": access.acting(user).filter(pk=row.pk).exists(),
        "releases": access.releasable_activations(user).filter(pk=row.pk).exists(),
        "ends": access.stoppable_activations(user).filter(pk=row.pk).exists(),
        "hours": int(law.WAIT.total_seconds() // 3600),
    }  # fmt: skip
    return render(request, "executor/activation_detail.html", context)


_UNNAMED = [f"client__{name}" for name in ("given_name", "family_name", "preferred_name", "pronouns", "born_on", "languages", "emergency")]


@changes(access.releasable_activations)
@reauthenticated
def activation_release(request: HttpRequest, row: Activation) -> HttpResponse:
    """The second person's yes."""
    refusal = None
    if request.method == "POST":
        try:
            actions.release(row, by=me(request))
            messages.success(request, "Released. The counselor is told once more, and can stop it until it opens and after.")
            return redirect("activation_detail", pk=row.pk)
        except Refused as refused:
            refusal = refused
    context = {"row": row, "refusal": refusal, "hours": int(law.WAIT.total_seconds() // 3600), "days": law.LASTS.days}
    return again(request, "executor/activation_release.html", context)


@changes(access.stoppable_activations)
def activation_end(request: HttpRequest, row: Activation) -> HttpResponse:
    """Stop it, or end it: what it opened closes at once."""
    mine, refusal = row.person_id == me(request).pk, None
    form = EndForm(request.POST if request.method == "POST" else None, mine=mine)
    if form.is_valid():
        try:
            actions.end(row, form.cleaned_data["why"], by=me(request))
            messages.success(request, "Over. Nothing of it is open any more.")
            return redirect("activation_detail", pk=row.pk)
        except Refused as refused:
            refusal = refused
    return again(request, "executor/activation_end.html", {"row": row, "form": form, "mine": mine, "refusal": refusal})
