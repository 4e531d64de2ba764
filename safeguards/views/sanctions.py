"""Sanctions: officers record and decide; whoever is concerned reads what was decided."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes, lists, reads
from breaches.access import open_incidents
from clients.views import again, me
from practice.access import colleagues, governed_practice, staffed_practice
from practice.models import Practice
from practice.refusals import Refused
from practice.roles import Role
from safeguards import access, actions
from safeguards.forms import DecisionForm, SanctionForm
from safeguards.models import Sanction


@lists(access.sanctions, within=staffed_practice)
def sanction_list(request: HttpRequest, practice: Practice, sanctions: QuerySet[Sanction]) -> HttpResponse:
    """What was recorded, for officers; what was decided about oneself, for everybody."""
    rows = list(sanctions.select_related("person").defer("violation", "action", "incident__title", "incident__what", "incident__cause"))
    return render(request, "safeguards/sanction_list.html", {"rows": rows, "admin": me(request).holds(Role.ADMIN)})


@changes(governed_practice)
def sanction_new(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Record a violation, to be decided."""
    by, refusal = me(request), None
    people = [person for person in colleagues(by) if person.pk != by.pk]
    incidents = list(open_incidents(by).filter(drill=False).defer("title", "what", "cause"))
    form = SanctionForm(request.POST if request.method == "POST" else None, people=people, incidents=incidents)
    if form.is_valid():
        try:
            said = form.cleaned_data
            row = actions.record_sanction(said.pop("person"), actions.Charge(**said), by=by)
            messages.success(request, "Recorded. Decide it when you know enough.")
            return redirect("sanction_detail", pk=row.pk)
        except Refused as refused:
            refusal = refused
    return again(request, "safeguards/sanction_new.html", {"form": form, "refusal": refusal})


@reads(access.sanctions)
def sanction_detail(request: HttpRequest, sanction: Sanction) -> HttpResponse:
    """One violation, and what was decided."""
    return render(request, "safeguards/sanction_detail.html", _context(request, sanction) | {"form": DecisionForm()})


@changes(access.sanctions_to_decide)
def sanction_decide(request: HttpRequest, sanction: Sanction) -> HttpResponse:
    """Decide what comes of a violation by somebody else."""
    form, refusal = DecisionForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            actions.decide_sanction(sanction, form.cleaned_data["decision"], form.cleaned_data["action"], by=me(request))
            messages.success(request, "Decided. The person can read it under Training.")
            return redirect("sanction_detail", pk=sanction.pk)
        except Refused as refused:
            refusal = refused
    return again(request, "safeguards/sanction_detail.html", _context(request, sanction) | {"form": form, "refusal": refusal})


def _context(request: HttpRequest, sanction: Sanction) -> dict[str, Any]:
    may = access.sanctions_to_decide(request.user).filter(pk=sanction.pk).exists()
    return {"row": sanction, "may": may, "number": sanction.incident.number if sanction.incident and may else ""}
