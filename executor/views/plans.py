"""Plans: the list, writing, signing, saying yes, the paper, and going through it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes, exports, lists, reads
from clients.views import again, me
from executor import access, actions, law, paper
from executor.forms.plans import AcceptForm, PlanForm
from executor.models import Part, Plan, Rehearsal
from practice.access import colleagues, staffed_practice
from practice.factors import reauthenticated
from practice.models import Practice, User
from practice.pdf import press
from practice.refusals import Refused
from practice.roles import Role


@lists(access.plans, within=staffed_practice)
def executor_home(request: HttpRequest, practice: Practice, rows: QuerySet[Plan]) -> HttpResponse:
    """One's own plan, those one is named in, what is under way; for admins every counselor's."""
    person = me(request)
    found = list(rows.filter(replaced_at=None).defer(*access.SHUT))
    waiting = set(access.plans_to_accept(person).order_by().values_list("pk", flat=True))
    context = {
        "mine": [plan for plan in found if plan.person_id == person.pk], "others": [plan for plan in found if plan.person_id != person.pk],
        "plans": access.planning(person).exists(), "planless": access.planless(person).exists(), "waiting": waiting,
        "new_from": person.joined_at + law.WARN, "without": access.counselors_without(person),
        "activations": access.activations(person).defer("evidence", "why_ended")[:50],
        "acting": list(access.acting(person).order_by().values_list("pk", flat=True)),
    }  # fmt: skip
    return render(request, "executor/executor_home.html", context)


@changes(access.planning)
def plan_edit(request: HttpRequest, person: User) -> HttpResponse:
    """One's own draft; a new edition begins with the words of the one in force."""
    rows = access.plans(person).filter(person=person.pk)
    plan = rows.filter(signed_at=None).first() or rows.filter(replaced_at=None).order_by("-signed_at").first()
    people = colleagues(person).exclude(pk=person.pk)
    form, refusal = PlanForm(request.POST if request.method == "POST" else None, people=people, plan=plan), None
    if form.is_valid():
        try:
            kept = actions.write(form.cleaned_data, by=person)
            messages.success(request, "Kept as a draft. It counts once you sign it and both say yes.")
            return redirect("plan_detail", pk=kept.pk)
        except Refused as refused:
            refusal = refused
    context = {"form": form, "refusal": refusal, "edition": plan and plan.signed_at}
    return again(request, "executor/plan_edit.html", context)


@reads(access.plans)
def plan_detail(request: HttpRequest, plan: Plan) -> HttpResponse:
    """The plan, who said yes to it, and how it was rehearsed."""
    return render(request, "executor/plan_detail.html", _plan(request, plan))


def _plan(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    user = request.user
    return {
        "plan": plan, "parts": paper.parts(plan), "texts": paper.texts(plan), "lacks": actions.missing(plan),
        "mine": plan.person_id == me(request).pk,
        "acceptances": plan.acceptances.select_related("by").order_by("-at"),
        "rehearsals": access.rehearsals(user).filter(plan=plan.pk).defer("findings")[:5],
        "accepts": access.plans_to_accept(user).filter(pk=plan.pk).exists(),
        "confirms": bool(plan.in_force_at) and Part.CUSTODIAN in _offered(plan, me(request)),
        "rehearses": access.rehearsable_plans(user).filter(pk=plan.pk).exists(),
        "asks": access.activatable_plans(user).filter(pk=plan.pk).exists(),
    }  # fmt: skip


@changes(access.draft_plans)
@reauthenticated
def plan_sign(request: HttpRequest, plan: Plan) -> HttpResponse:
    """The counselor signs: the words are final, and both are asked."""
    refusal = None
    if request.method == "POST":
        try:
            actions.sign(plan, by=me(request))
            messages.success(request, "Signed. Custodian and deputy are asked to say yes.")
            return redirect("plan_detail", pk=plan.pk)
        except Refused as refused:
            refusal = refused
    return again(request, "executor/plan_sign.html", {"plan": plan, "lacks": actions.missing(plan), "refusal": refusal})


def _offered(plan: Plan, person: User) -> dict[str, str]:
    """For what ``person`` may say yes: what they are named for, or of their own plan whoever has no account."""
    parts = plan.parts_of(person)
    if plan.person_id == person.pk:
        parts = [part for part in Part.values if plan.account(part) is None]
    given = {row.part for row in plan.acceptances.defer("words")}
    return {
        part: f"{str(Part(part).label).capitalize()}: {plan.called(part)}" for part in parts if not (part == Part.DEPUTY and part in given)
    }


@changes(access.acceptable_plans)
def plan_accept(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Custodian or deputy say yes; the custodian again each year."""
    person, refusal = me(request), None
    form = AcceptForm(
        request.POST if request.method == "POST" else None, offered=_offered(plan, person), outside=plan.person_id == person.pk
    )
    if form.is_valid():
        try:
            actions.accept(plan, form.cleaned_data["part"], form.cleaned_data["words"], by=person)
            messages.success(request, "In force." if plan.in_force_at else "Kept. It is in force once the other says yes as well.")
            return redirect("plan_detail", pk=plan.pk)
        except Refused as refused:
            refusal = refused
    return again(request, "executor/plan_accept.html", {"plan": plan, "form": form, "refusal": refusal})


@exports(access.plans)
def plan_pdf(request: HttpRequest, plan: Plan) -> HttpResponse:
    """For the lawyer and the paper file: no client is in it."""
    try:
        made = press("plan", paper.plan_paper(plan, by=me(request)))
    except Refused as refused:
        return render(request, "executor/plan_detail.html", _plan(request, plan) | {"refusal": refused}, status=422)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="executor-plan.pdf"'
    return answer


@changes(access.rehearsable_plans)
def rehearsal_new(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Go through the plan as if it were needed."""
    refusal = None
    if request.method == "POST":
        try:
            row = actions.rehearse(plan, by=me(request))
            return redirect("rehearsal_detail", pk=row.pk)
        except Refused as refused:
            refusal = refused
    return again(request, "executor/rehearsal_new.html", {"plan": plan, "refusal": refusal})


@reads(access.rehearsals)
def rehearsal_detail(request: HttpRequest, rehearsal: Rehearsal) -> HttpResponse:
    """What was found on that day."""
    return render(request, "executor/rehearsal_detail.html", {"rehearsal": rehearsal, "governs": me(request).holds(Role.ADMIN)})
